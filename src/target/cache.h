/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cache on disk:
 *
 *	kernels/<release>_<version>/   stamp.json boot/ lib/modules/ build/ vmlinux vmlinux.seal
 *	                               seals/
 *	sources/<package>_<version>/   stamp.json tree/ sums sums.seal
 *	local/<hash>/                  stamp.json build/ vmlinux vmlinux.seal
 *	download/<name>/               packages of a fetch under way
 *	lock/<name>
 *
 * An entry appears by the rename of a complete, synced folder that holds a stamp;
 * whatever has no stamp of the present format is not there.
 */
#ifndef SUTURE_TARGET_CACHE_H
#define SUTURE_TARGET_CACHE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"

/* Returns target_cache_dir() as an absolute path; free(). */
struct err *cache_root(char **root);

/* Returns the stamp of an entry, or NULL if it is missing or damaged; json_decref(). */
json_t *cache_stamp(const char *path);

/* Returns whether there is an entry with a stamp of the current format. */
bool cache_has(const char *path);

/* Takes an exclusive lock, with a note if it has to wait for another process. */
struct err *cache_lock(const char *root, const char *name, struct progress *progress, int *fd);

/* An entry that is being made; set all members to zero at first. */
struct cache_new {
	char *path; /* where it will be */
	char *temp; /* where it is made: root/kind/name.partial.XXXXXX */
	int lock_fd;
};

/*
 * Removes what interrupted runs left in root/kind and begins an entry. The caller holds the lock of
 * name.
 */
struct err *cache_begin(const char *root, const char *kind, const char *name,
			struct cache_new *entry);

/* Adds the stamp (takes a reference), syncs and renames. */
struct err *cache_publish(struct cache_new *entry, json_t *stamp);

/* Removes an entry that was not published. */
void cache_new_free(struct cache_new *entry);
#define scope_cache_new __attribute__((cleanup(cache_new_free))) struct cache_new

/* Checks that root can be written and has so many bytes free; `what` is for the message. */
struct err *cache_check_space(const char *root, const char *what, uint64_t bytes);

#endif
