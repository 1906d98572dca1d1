/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounts that a look-up must stay away from: whoever serves a network or FUSE file system can
 * make every stat() on it wait for ever.
 */
#ifndef SUTURE_ADVISE_MOUNTS_H
#define SUTURE_ADVISE_MOUNTS_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/vec.h"

struct mounts {
	struct str_vec slow; /* mount points */
};

/* The text of /proc/<pid>/mountinfo; lines that are none are left out. */
void mounts_parse(struct bytes text, struct mounts *mounts);
void mounts_free(struct mounts *mounts);

/* Whether the path is one of those mount points or below. */
bool mounts_may_hang(const struct mounts *mounts, const char *path);

#endif
