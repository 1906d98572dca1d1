/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boots guests. */
#ifndef SUTURE_VM_BOOT_H
#define SUTURE_VM_BOOT_H

#include "base/err.h"
#include "vm/run.h"

/*
 * Boots a guest for the pending modules, and enters what it says into the result.  Sets run->first
 * to the first module that is still to be tried.
 */
struct err *boot_run(struct run *run);

#endif
