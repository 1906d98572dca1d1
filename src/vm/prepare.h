/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prepares what a guest is given before it boots. */
#ifndef SUTURE_VM_PREPARE_H
#define SUTURE_VM_PREPARE_H

#include <stdint.h>

#include "base/err.h"
#include "vm/plan.h"
#include "vm/run.h"

/* Reads a module under test, and fails it if it is not a live patch. */
void prepare_patch(struct run *run, unsigned index);
/* Writes the plan, and an initramfs of *size bytes to path, for all pending modules. */
struct err *prepare_boot(struct run *run, const char *path, struct vm_plan *plan, uint64_t *size);

#endif
