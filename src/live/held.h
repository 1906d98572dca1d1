/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks modules: after a patch was rolled back or the machine went down with it, it is not loaded
 * again until an administrator unlocks it.  Blocks are files /var/lib/suture/held/<digest>.json.
 */
#ifndef SUTURE_LIVE_HELD_H
#define SUTURE_LIVE_HELD_H

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

/*
 * A blocked module.  The digest is that of its contents, so that renaming it does not unblock it.
 */
struct live_held {
	char *name, *digest, *release, *why, *time;
};

struct live_held_vec VEC(struct live_held);
void live_held_free(struct live_held_vec *held);
#define scope_live_held __attribute__((cleanup(live_held_free))) struct live_held_vec

/* Lists the blocks in files.  A damaged file still blocks the module whose digest is its name. */
struct err *live_held_list(const struct root *root, struct live_held_vec *held);

/* Returns the entry of that digest, or NULL. */
const struct live_held *live_held_find(const struct live_held_vec *held, const char *digest);

/* Blocks a module from being loaded; the block is on the disk when this returns. */
struct err *live_hold(const struct root *root, const char *name, const char *digest,
		      const char *release, const char *why);

/* Removes the block of that digest (NULL: all blocks). */
struct err *live_held_remove(const struct root *root, const char *digest);

#endif
