/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files in which two kernel source trees differ. */
#ifndef SUTURE_COVER_TREE_DIFF_H
#define SUTURE_COVER_TREE_DIFF_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"

struct tree_change {
	char *path;	    /* in both trees */
	bool before, after; /* in which of them it is; in both, the bytes differ */
};

struct tree_change_vec VEC(struct tree_change);

void tree_changes_free(struct tree_change_vec *changes);
#define scope_tree_changes __attribute__((cleanup(tree_changes_free))) struct tree_change_vec

/*
 * By path.  Documentation and other architectures than x86 are passed over: no kernel that Suture
 * patches contains them.
 */
struct err *tree_diff(const char *before, const char *after, struct progress *progress,
		      struct tree_change_vec *changes);

#endif
