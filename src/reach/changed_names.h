/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that a change of a file of C changes. */
#ifndef SUTURE_REACH_CHANGED_NAMES_H
#define SUTURE_REACH_CHANGED_NAMES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "reach/cfile.h"

/*
 * What names differ between two versions of a file.  *known is false when that cannot be told;
 * no names at all mean that only comments and white space changed.
 */
struct err *changed_names_find(const char *before, const char *after, struct str_vec *names,
			       bool *known);

/* Adds the names that a chunk of file declares; false when they cannot all be told. */
bool chunk_names_add(const struct cfile *file, const struct cchunk *chunk, struct str_vec *names);

#endif
