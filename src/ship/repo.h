/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes a repository as a whole: a new tree is made beside it, and takes its place by one rename.
 * A command that is killed leaves the repository as it was.
 */
#ifndef SUTURE_SHIP_REPO_H
#define SUTURE_SHIP_REPO_H

#include "ship/levels.h"

struct ship_repo {
	char *dir;  /* the repository, an absolute path; it may not exist yet */
	char *work; /* the temporary folder beside it */
	char *tree; /* the new tree in that */
	int lock;
	struct ship_levels levels; /* of the repository as it is; changed by the caller */
};

/*
 * Waits for other publishers, reads the list of levels, and makes a tree that has the packages of
 * the repository.  A folder that is not empty and no repository of Suture is refused.
 */
struct err *ship_repo_open(const char *dir, struct ship_repo *repo);

/*
 * Makes the signed lists in the new tree, syncs it, and puts it into the place of the repository.
 */
struct err *ship_repo_commit(struct ship_repo *repo);

/* Removes what was not committed, and the tree that was replaced. */
void ship_repo_close(struct ship_repo *repo);
#define scope_ship_repo __attribute__((cleanup(ship_repo_close))) struct ship_repo

#endif
