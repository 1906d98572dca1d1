/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the plan of one module. */
#ifndef SUTURE_VM_PLAN_MODULE_H
#define SUTURE_VM_PLAN_MODULE_H

#include "vm/plan.h"

/* Appends all trials of one module. */
void plan_add_module(struct vm_plan *plan, const struct vm_spec *spec, unsigned module,
		     const struct plan_patch *patch);

#endif
