/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists and unblocks modules that are blocked from loading. */
#ifndef SUTURE_LIVE_UNLOCK_H
#define SUTURE_LIVE_UNLOCK_H

#include "live/block.h"

/*
 * Reads all blocks.  A damaged file still blocks the module whose digest is its name.  Modules that
 * were being loaded when the machine went down are listed before a load has blocked them, too.
 */
struct err *live_blocks_read(const struct root *root, struct live_block_vec *blocks);

/*
 * Unblocks a module by its name (NULL: all).  This includes the patches of a watch that ended
 * early, and damaged files.  Appends the names to released.  An unknown name is an error.
 */
struct err *live_unlock(const struct root *root, const char *name, struct str_vec *released);

#endif
