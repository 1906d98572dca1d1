/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the two system calls that add and remove modules. */
#ifndef SUTURE_LIVE_KMOD_H
#define SUTURE_LIVE_KMOD_H

#include "base/cursor.h"

/* How long the kernel may take to release a patch's module once the patch is disabled. */
#define LIVE_REMOVE_MS 10000

/* Adds a module; returns 0 or -errno. */
int live_kmod_insert(struct bytes image);

/* Removes a module once the kernel has released it; returns -errno, or 0 also if there is none. */
int live_kmod_remove(const char *name);

#endif
