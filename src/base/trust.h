/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks whether only the user and root can change what a path leads to. Settings, state and caches
 * that other users could have written must not be believed, and their programs must not be run.
 */
#ifndef SUTURE_BASE_TRUST_H
#define SUTURE_BASE_TRUST_H

#include "base/root.h"

enum trust {
	/* No folder on the way may be writable by other users, sticky or not. */
	TRUST_STRICT,
	/* A folder on the way may be like /tmp: sticky, so that others cannot replace what is
	   there. */
	TRUST_BELOW_STICKY,
};

/*
 * Checks each folder and link on the way, and the file or folder itself: each must belong to the
 * user or to root, and must not be writable by others. Returns "WHERE: WHY; REMEDY", free(), or
 * NULL if all is well or the path ends in names that do not exist.
 */
char *trust_problem(const struct root *root, const char *path, enum trust level);

/* Checks one file or folder without the folders above it. It does not follow a link. */
char *trust_problem_here(const struct root *root, const char *path);

#endif
