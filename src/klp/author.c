/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the headers that Suture offers to authors of patches. */
#include "klp/author.h"

#include <string.h>

#include "base/alloc.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/tempdir.h"

EMBED(author_helpers, "src/klp/include/linux/livepatch_helpers.h");
EMBED(author_kpatch_macros, "src/klp/include/kpatch-macros.h");
EMBED(author_kpatch_syscall, "src/klp/include/kpatch-syscall.h");

static const struct author_header {
	const char *path, *text;
} author_headers[] = {
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
	for (size_t i = 0; i < array_size(author_headers); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, author_headers[i].path);

		err_try(file_write_scratch(path, author_headers[i].text,
					   strlen(author_headers[i].text)));
	}
	*dirp = take_ptr(dir);
	return NULL;
}
