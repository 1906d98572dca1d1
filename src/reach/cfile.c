/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads files of C that are compared chunk by chunk. */
#include "reach/cfile.h"

#include <stdlib.h>

#include "base/file.h"

struct err *cfile_read(const char *path, struct cfile *file)
{
	size_t size;

	err_try(file_read(path, &file->text, &size));
	ctokens_cut(file->text, size, &file->tokens);
	cchunks_cut(&file->tokens, &file->chunks);
	return NULL;
}

void cfile_free(struct cfile *file)
{
	free(file->text);
	vec_free(&file->tokens);
	vec_free(&file->chunks);
}
