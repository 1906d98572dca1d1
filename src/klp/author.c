/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/author.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"

/* The assembler looks from the folder that make runs in, the root of this repository. */
#define EMBED(symbol, file)                                                                        \
	extern const char symbol[];                                                                \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #symbol "\n" #symbol ":\n"                                               \
		".incbin \"src/klp/include/" file "\"\n"                                           \
		".byte 0\n"                                                                        \
		".popsection\n")

EMBED(author_helpers, "linux/livepatch_helpers.h");
EMBED(author_kpatch_macros, "kpatch-macros.h");
EMBED(author_kpatch_syscall, "kpatch-syscall.h");

static const struct author_header {
	const char *path, *text;
} headers[] = {
	{"linux/livepatch_helpers.h", author_helpers},
	{"kpatch-macros.h", author_kpatch_macros},
	{"kpatch-syscall.h", author_kpatch_syscall},
};

struct err *author_write_headers(char **dirp)
{
	scope_dir_temp dir = NULL;

	err_try(dir_temp(dir_for_temp(), "suture-headers", &dir));

	scope_free char *linux_dir = xasprintf("%s/linux", dir);

	err_try(dir_make(linux_dir));
	for (size_t i = 0; i < array_size(headers); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, headers[i].path);

		err_try(file_write_scratch(path, headers[i].text, strlen(headers[i].text)));
	}
	*dirp = take_ptr(dir);
	return NULL;
}
