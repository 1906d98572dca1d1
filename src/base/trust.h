/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether only the user and root can change what a path leads to.  Settings, state and caches that
 * other users could have written must not be believed, nor programs of theirs run.
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
 * Looks at each folder on the way, at links, and at the file or folder itself: each must belong to
 * the user or to root, and must not be writable by others.  "WHERE: WHY; REMEDY", free(); NULL when
 * all is well, and also when the path ends in names that do not exist.
 */
char *trust_problem(const struct root *root, const char *path, enum trust level);

/* The same of one file or folder without the way to it, and without following it if a link. */
char *trust_problem_here(const struct root *root, const char *path);

#endif
