/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks modules: after a patch was rolled back or the machine went down with it, it is not loaded
 * again until an administrator unlocks it.  Blocks are files /var/lib/suture/held/<digest>.json.
 */
#ifndef SUTURE_LIVE_BLOCK_H
#define SUTURE_LIVE_BLOCK_H

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

/*
 * A blocked module.  The digest is that of its contents, so that renaming it does not unblock it.
 */
struct live_block {
	char *name, *digest, *release, *why, *time;
};

struct live_block_vec VEC(struct live_block);
void live_blocks_free(struct live_block_vec *blocks);
#define scope_live_blocks __attribute__((cleanup(live_blocks_free))) struct live_block_vec

/* Lists the blocks in files.  A damaged file still blocks the module whose digest is its name. */
struct err *live_blocks_list(const struct root *root, struct live_block_vec *blocks);

/* Returns the entry of that digest, or NULL. */
const struct live_block *live_blocks_find(const struct live_block_vec *blocks, const char *digest);

/* Blocks a module from being loaded; the block is on the disk when this returns. */
struct err *live_block_add(const struct root *root, const char *name, const char *digest,
			   const char *release, const char *why);

/* Removes the block of that digest (NULL: all blocks). */
struct err *live_block_remove(const struct root *root, const char *digest);

#endif
