/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An attestation that somebody else wrote. */
#include "vm/attest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scope_vm_attest attest = NULL;

	err_free(vm_attest_parse("fuzz", (const char *)data, size, &attest));
	return 0;
}
