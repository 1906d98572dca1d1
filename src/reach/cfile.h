/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of C, read and cut into its chunks. */
#ifndef SUTURE_REACH_CFILE_H
#define SUTURE_REACH_CFILE_H

#include "base/err.h"
#include "reach/cchunks.h"

struct cfile {
	char *text; /* the text to which the tokens point */
	struct ctoken_vec tokens;
	struct cchunk_vec chunks;
};

struct err *cfile_read(const char *path, struct cfile *file);

void cfile_free(struct cfile *file);
#define scope_cfile __attribute__((cleanup(cfile_free))) struct cfile

#endif
