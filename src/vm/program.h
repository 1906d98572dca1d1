/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of the host that run in the guest. */
#ifndef SUTURE_VM_PROGRAM_H
#define SUTURE_VM_PROGRAM_H

#include "base/err.h"
#include "vm/initramfs.h"

/*
 * Adds a program as `name`, and what it needs to start: its interpreter and the shared libraries
 * that it names, found in the usual folders; nothing is executed for that.
 */
struct err *program_add(struct initramfs *fs, const char *name, const char *host_path);

#endif
