/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the cache contains, when it was last used, and removing what nobody uses. Whoever uses an
 * entry holds a shared lock on its folder, which the kernel releases when the process ends; an
 * entry is removed only under the exclusive lock.
 */
#ifndef SUTURE_TARGET_USAGE_H
#define SUTURE_TARGET_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/err.h"
#include "base/vec.h"

/* Records that the entry at path is used now. It is no error if the cache cannot be written. */
void usage_touch(const char *path);

/*
 * Records that the entry at path is in use until *lock is closed. If the folder does not exist or
 * cannot be locked, *lock is -1, and that is no error.
 */
void usage_begin(const char *path, int *lock);

/* Locks without recording the use, for entries that are worthless after they were used. */
void usage_hold(const char *path, int *lock);

struct usage {
	/* "answers", "kernel", "local", "source", "toolchain", "lists", "download"; not owned */
	const char *kind;
	char *name; /* "6.1.0-57-amd64_6.1.192-3", or that followed by "/kbuild-…" */
	char *path;
	uint64_t bytes; /* on disk; for a kernel without its answers */
	time_t used;	/* when a command last used it */
	bool in_use;	/* a running command uses it */
	bool needed;	/* a toolchain that the tools of a kept kernel need */
	bool removed;	/* usage_prune() removed it */
};

struct usage_vec VEC(struct usage);

void usages_free(struct usage_vec *usages);
#define scope_usages __attribute__((cleanup(usages_free))) struct usage_vec

/* Lists all entries; those that were unused for longest come first. A missing cache has none. */
struct err *usage_list(const char *root, struct usage_vec *usages);

/*
 * Removes entries that were last used before a time, then more in the order of the list, until the
 * rest takes no more than `most` bytes. Entries in use are kept.
 */
struct err *usage_prune(struct usage_vec *usages, time_t before, uint64_t most);

#endif
