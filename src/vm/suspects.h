/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tries the modules again that may have done the damage which was seen at another one. */
#ifndef SUTURE_VM_SUSPECTS_H
#define SUTURE_VM_SUSPECTS_H

#include "base/err.h"

struct run;

/*
 * To be called after all boots.  Tries each suspect alone, and waits for what it leaves behind;
 * fails one module for each doubt.
 */
struct err *suspects_settle(struct run *run);
/* Takes the passes of the suspects back, if they could not be tried alone. */
void suspects_give_up(struct run *run, const char *why);

#endif
