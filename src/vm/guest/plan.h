/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The worker's life: it carries out the plan. */
#ifndef SUTURE_VM_GUEST_PLAN_H
#define SUTURE_VM_GUEST_PLAN_H

#include <stdint.h>

/* What the worker does, for process 1 to see; in shared memory. */
struct activity {
	volatile unsigned line; /* 0: between steps */
	volatile uint64_t started_ms;
	volatile unsigned limit_ms;
};

/* Carries out the plan of that file; events go to fd. */
void plan_run(const char *path, int fd, struct activity *activity);

#endif
