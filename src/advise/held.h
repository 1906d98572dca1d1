/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the devices that a process holds open, on which others may depend. */
#ifndef SUTURE_ADVISE_HELD_H
#define SUTURE_ADVISE_HELD_H

#include "base/root.h"

/*
 * Says by the links of /proc/PID/fd what a process serves that others lose if it ends ("it serves a
 * file system (/dev/fuse)"); NULL if it holds no device but those that are known to be harmless.
 * free()
 */
char *held_by_process(const struct root *root, int pid);

#endif
