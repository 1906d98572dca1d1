/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that a change of a file of C changes. */
#ifndef SUTURE_REACH_CHANGED_NAMES_H
#define SUTURE_REACH_CHANGED_NAMES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "reach/cfile.h"

/*
 * Lists the names that differ between two versions of a file. *known is false if they cannot be
 * determined; an empty list means that only comments and white space changed.
 */
struct err *changed_names_find(const char *before, const char *after, struct str_vec *names,
			       bool *known);

/*
 * Adds the names that a chunk of file declares; returns false if not all of them can be determined.
 */
bool changed_names_add_chunk(const struct cfile *file, const struct cchunk *chunk,
			     struct str_vec *names);

#endif
