/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocked modules: after a patch was rolled back or the machine went down with it, it is not
 * loaded again until an administrator unlocks it.  /var/lib/suture/held/<digest>.json.
 */
#ifndef SUTURE_LIVE_HELD_H
#define SUTURE_LIVE_HELD_H

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

/* The digest is of the module's contents, so that renaming or signing it does not unblock it. */
struct live_held {
	char *name, *digest, *release, *why, *time;
};

struct live_held_vec VEC(struct live_held);
void live_held_free(struct live_held_vec *held);
#define scope_live_held __attribute__((cleanup(live_held_free))) struct live_held_vec

/*
 * A damaged file still blocks the module that its name says: better once too often.  What was
 * being loaded when the machine went down is listed even before a load has entered it.
 */
struct err *live_held_read(const struct root *root, struct live_held_vec *held);

/* The entry of that digest, or NULL. */
const struct live_held *live_held_find(const struct live_held_vec *held, const char *digest);

/* Blocks a module from being loaded; on the disk when this returns. */
struct err *live_hold(const struct root *root, const char *name, const char *digest,
		      const char *release, const char *why);

/*
 * Unblocks one by name, or all with NULL; this includes the patches of a watch that ended early,
 * and damaged files.  released are the names.  An unknown name is an error.
 */
struct err *live_unlock(const struct root *root, const char *name, struct str_vec *released);

#endif
