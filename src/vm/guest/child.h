/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ending the processes that the worker has started. */
#ifndef SUTURE_VM_GUEST_CHILD_H
#define SUTURE_VM_GUEST_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "event.h"

/*
 * Ends a process and waits for it up to limit_ms; false if it cannot be ended, and then the event
 * gets its stack.
 */
bool child_end(pid_t pid, unsigned limit_ms, struct event *ev);

#endif
