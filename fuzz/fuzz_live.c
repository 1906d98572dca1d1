/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What src/live reads of other people's: ends of modules, ELF notes, the settings' file. */
#include <stdlib.h>
#include <string.h>

#include "live/conf.h"
#include "live/machine.h"
#include "live/signature.h"
#include "vm/attest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = {data, size}, message;
	struct bytes module = live_signature_split(all, &message);
	scope_free char *digest = NULL;
	scope_free char *build_id = live_build_id(all);
	scope_free char *text = xstrndup((const char *)data, size);
	scope_live_signature appended = {}, whole = {};
	struct live_conf conf = {};

	err_free(vm_sha256(module, &digest));
	if (message.size)
		err_free(live_signature_read(message, &appended));
	err_free(live_signature_read(
		all, &whole)); /* this way, the fuzzer need not guess the magic number */
	err_free(live_conf_parse("conf", text, &conf));
	return 0;
}
