/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries out the plan, which is all that the worker does. */
#ifndef SUTURE_VM_GUEST_PLAN_H
#define SUTURE_VM_GUEST_PLAN_H

#include <stdint.h>

/* What the worker does now; in memory shared with process 1, which watches it. */
struct activity {
	volatile unsigned line; /* the step's line; 0 between steps */
	volatile uint64_t started_ms;
	volatile unsigned limit_ms;
};

/* Carries out the plan in a file, and writes events to fd. */
void plan_run(const char *path, int fd, struct activity *activity);

#endif
