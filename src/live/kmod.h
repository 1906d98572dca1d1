/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two system calls that add and remove modules. */
#ifndef SUTURE_LIVE_KMOD_H
#define SUTURE_LIVE_KMOD_H

#include "base/cursor.h"

/* How long the kernel may take to release a patch's module once the patch is disabled. */
#define LIVE_REMOVE_MS 10000

/* 0, or -errno. */
int live_kmod_insert(struct bytes image);

/* Waits until the kernel has released it; 0 also when it was not there; else -errno. */
int live_kmod_remove(const char *name);

#endif
