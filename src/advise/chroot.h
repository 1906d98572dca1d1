/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recognises a chroot, in which processes and the kernel belong to the machine around it. */
#ifndef SUTURE_ADVISE_CHROOT_H
#define SUTURE_ADVISE_CHROOT_H

#include <stdbool.h>

#include "base/root.h"

/* Returns whether this process is in a chroot; false in an artificial tree, or without /proc. */
bool chroot_is_entered(const struct root *root);

#endif
