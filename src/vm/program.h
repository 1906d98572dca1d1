/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts programs of the host into the guest. */
#ifndef SUTURE_VM_PROGRAM_H
#define SUTURE_VM_PROGRAM_H

#include "base/err.h"
#include "vm/initramfs.h"

/*
 * Adds a program as `name`, and what it needs to start: its interpreter and the shared libraries
 * that it names, which are searched in the usual folders without executing anything.
 */
struct err *program_add(struct initramfs *fs, const char *name, const char *host_path);

#endif
