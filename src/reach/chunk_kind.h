/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells which chunks of C contain code, and which cannot depend on code. */
#ifndef SUTURE_REACH_CHUNK_KIND_H
#define SUTURE_REACH_CHUNK_KIND_H

#include "reach/cfile.h"

enum chunk_kind {
	CHUNK_FUNCTION, /* the definition of a function */
	CHUNK_PLAIN, /* types, or declarations without a value: no function's code affects them */
	CHUNK_OTHER  /* macros, their calls, values, assembler: anything may affect them */
};

enum chunk_kind chunk_kind(const struct cfile *file, const struct cchunk *chunk);

/*
 * Returns whether the name stands for a function wherever the file declares it: each chunk that
 * declares it defines it as a function, or is a prototype.
 */
bool cfile_has_function(const struct cfile *file, const char *name);

#endif
