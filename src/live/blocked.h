/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists and unblocks modules that are blocked from loading. */
#ifndef SUTURE_LIVE_BLOCKED_H
#define SUTURE_LIVE_BLOCKED_H

#include "live/held.h"

/*
 * Reads all blocks.  A damaged file still blocks the module whose digest is its name.  Modules that
 * were being loaded when the machine went down are listed before a load has blocked them, too.
 */
struct err *live_held_read(const struct root *root, struct live_held_vec *held);

/*
 * Unblocks a module by its name (NULL: all).  This includes the patches of a watch that ended
 * early, and damaged files.  Appends the names to released.  An unknown name is an error.
 */
struct err *live_unlock(const struct root *root, const char *name, struct str_vec *released);

#endif
