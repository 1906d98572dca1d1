/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the cache holds, when it was last used, and removing what nobody uses.  Whoever works with
 * an entry holds a shared lock on its folder, which the kernel drops with the process; an entry is
 * removed only by whoever has the exclusive one.
 */
#ifndef SUTURE_TARGET_USAGE_H
#define SUTURE_TARGET_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/err.h"
#include "base/vec.h"

/* Notes that what lies at path is used now; a cache that cannot be written is no error. */
void usage_touch(const char *path);

/*
 * Notes that the entry at path is used from now on, until *lock is closed.  *lock is -1, and that
 * is no error, where the folder is not there or cannot be locked.
 */
void usage_begin(const char *path, int *lock);

/* The same without noting it: for what is worth nothing once it was used. */
void usage_hold(const char *path, int *lock);

struct usage {
	/* "answers", "kernel", "local", "source", "toolchain", "lists", "download"; not owned */
	const char *kind;
	char *name; /* "6.1.0-57-amd64_6.1.192-3", or that and "/kbuild-…" */
	char *path;
	uint64_t bytes; /* on the disk; a kernel's without its answers */
	time_t used;	/* when a command last used it */
	bool in_use;	/* by a command that runs */
	bool needed;	/* a toolchain, by the tools of a kernel that is kept */
	bool removed;	/* by usage_prune() */
};

struct usage_vec VEC(struct usage);

void usages_free(struct usage_vec *usages);
#define scope_usages __attribute__((cleanup(usages_free))) struct usage_vec

/* All entries, those first that were not used for longest.  A cache that is not there has none. */
struct err *usage_list(const char *root, struct usage_vec *usages);

/*
 * Removes entries that were last used before a time, then further ones, in the order of the list,
 * until what is left takes no more than most bytes.  What is in use stays.
 */
struct err *usage_prune(struct usage_vec *usages, time_t before, uint64_t most);

#endif
