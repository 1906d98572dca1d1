/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists mounts in which no file must be looked up: the server of a network or FUSE file system can
 * make every stat() on it block for ever.
 */
#ifndef SUTURE_ADVISE_MOUNTS_H
#define SUTURE_ADVISE_MOUNTS_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/vec.h"

struct mounts {
	struct str_vec slow; /* the mount points of these mounts */
};

/* Parses the text of /proc/<pid>/mountinfo; skips lines that are not valid. */
void mounts_parse(struct bytes text, struct mounts *mounts);
void mounts_free(struct mounts *mounts);

/* Returns whether the path is one of these mount points or below one. */
bool mounts_may_hang(const struct mounts *mounts, const char *path);

#endif
