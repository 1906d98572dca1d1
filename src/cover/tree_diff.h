/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the files in which two kernel source trees differ. */
#ifndef SUTURE_COVER_TREE_DIFF_H
#define SUTURE_COVER_TREE_DIFF_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"

struct tree_change {
	char *path;	    /* relative to the root of either tree */
	bool before, after; /* which trees contain it; if both do, their contents differ */
};

struct tree_change_vec VEC(struct tree_change);

void tree_changes_free(struct tree_change_vec *changes);
#define scope_tree_changes __attribute__((cleanup(tree_changes_free))) struct tree_change_vec

/*
 * Adds the files that differ, sorted by path. Skips documentation and all architectures but x86,
 * since no kernel that Suture patches contains them.
 */
struct err *tree_diff(const char *before, const char *after, struct progress *progress,
		      struct tree_change_vec *changes);

#endif
