/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a patch may do to a makefile: add and remove objects and plain compiler flags, and put them
 * under conditions on configuration symbols.  make evaluates whatever else there is, and would run
 * it, so that is found here, before any makefile of the patch is evaluated.
 */
#ifndef SUTURE_PATCH_MAKEFILE_GUARD_H
#define SUTURE_PATCH_MAKEFILE_GUARD_H

#include <stdbool.h>

#include "base/vec.h"

struct hostile_line {
	unsigned line; /* in the patched file; where a line is removed, in the original one */
	char *what;    /* a clause without a subject: "runs a command with $(shell …)" */
};

struct hostile_line_vec VEC(struct hostile_line);

void hostile_lines_free(struct hostile_line_vec *lines);
#define scope_hostile_lines __attribute__((cleanup(hostile_lines_free))) struct hostile_line_vec

/*
 * Compares two states of the makefile at path in the tree; before is NULL for a new one, after for
 * one that goes, which is always fine.  Both removed and added lines are judged, in their context.
 */
void makefile_guard(const char *path, const char *before, const char *after,
		    struct hostile_line_vec *found);

/* Whether make reads files of this name, be it as the folder's own or as part of another. */
bool makefile_guard_reads(const char *path);

#endif
