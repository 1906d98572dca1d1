/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trials that follow the first load. */
#ifndef SUTURE_VM_PLAN_TRIALS_H
#define SUTURE_VM_PLAN_TRIALS_H

#include <stdbool.h>

#include "vm/plan_writer.h"

/* Returns whether the trial is asked for and makes sense for the module. */
bool plan_wants(const struct plan_writer *writer, enum vm_trial trial);
/* Appends all trials that plan_wants(), except the first load. */
void plan_add_trials(struct plan_writer *writer);

#endif
