/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses between KVM and emulation for guests. */
#ifndef SUTURE_VM_ACCELERATOR_H
#define SUTURE_VM_ACCELERATOR_H

#include "vm/vm.h"

/*
 * Returns VM_KVM if guests run under it.  Starts a guest to find out, unless the answer is
 * remembered in cache_dir.
 */
enum vm_accelerator accelerator_choose(const char *cache_dir);
/* Remembers that guests do not run under KVM after all. */
void accelerator_distrust(const char *cache_dir);

#endif
