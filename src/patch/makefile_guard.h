/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks what a patch does to a makefile: it may add and remove objects and plain compiler flags,
 * and put them under conditions on configuration symbols. make evaluates everything else as well,
 * which may run commands, so this is checked before any makefile of the patch is evaluated.
 */
#ifndef SUTURE_PATCH_MAKEFILE_GUARD_H
#define SUTURE_PATCH_MAKEFILE_GUARD_H

#include <stdbool.h>

#include "base/vec.h"

struct hostile_line {
	unsigned line; /* in the patched file; for a removed line, in the original */
	char *what;    /* a clause without a subject: "runs a command with $(shell …)" */
};

struct hostile_line_vec VEC(struct hostile_line);

void hostile_lines_free(struct hostile_line_vec *lines);
#define scope_hostile_lines __attribute__((cleanup(hostile_lines_free))) struct hostile_line_vec

/*
 * Compares two states of the makefile at path in the tree. before is NULL for a new file; after is
 * NULL for a removed one, which is always allowed. Both removed and added lines are judged, in
 * their context.
 */
void makefile_guard(const char *path, const char *before, const char *after,
		    struct hostile_line_vec *found);

/*
 * Returns whether make reads files of this name, either as a folder's makefile or as a part of
 * another one.
 */
bool makefile_guard_reads(const char *path);

#endif
