/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes a bad level back by a package that is later than it and has the content of the level
 * before. */
#ifndef SUTURE_SHIP_SUCCESSOR_H
#define SUTURE_SHIP_SUCCESSOR_H

#include "ship/repo.h"

/*
 * Marks the newest level of a package in a suite as withdrawn, and makes its successor in the
 * tree's packages.  If no good level is before it, there is nothing to go back to, which is an
 * error.
 */
struct err *ship_successor_make(struct ship_repo *repo, const char *suite, const char *package,
				struct ship_level *successor);

/* Has dpkg-deb pack a folder as a file of the tree's packages. */
struct err *ship_pack_deb(const struct ship_repo *repo, const char *folder, const char *file);

#endif
