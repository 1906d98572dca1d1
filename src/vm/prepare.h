/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest is given before it boots. */
#ifndef SUTURE_VM_PREPARE_H
#define SUTURE_VM_PREPARE_H

#include <stdint.h>

#include "base/err.h"
#include "vm/plan.h"
#include "vm/run.h"

/* Reads a module under test; one that is no live patch fails by that. */
void patch_open(struct run *run, unsigned index);
/* Writes the plan, and an initramfs to path, for all pending modules; *size is in bytes. */
struct err *boot_prepare(struct run *run, const char *path, struct vm_plan *plan, uint64_t *size);

#endif
