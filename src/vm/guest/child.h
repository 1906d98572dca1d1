/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends processes that the worker has started. */
#ifndef SUTURE_VM_GUEST_CHILD_H
#define SUTURE_VM_GUEST_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "event.h"

/*
 * Kills a process and waits for its end up to limit_ms.  Returns false if it does not end, and adds
 * its stack to the event.
 */
bool child_end(pid_t pid, unsigned limit_ms, struct event *ev);

/*
 * Ends children in this way, of which those that are 0 have never run, and all that they have
 * started; sets pids to 0.  Adds `who` to the event if one of them does not end.
 */
bool children_end(pid_t *pids, size_t count, unsigned limit_ms, const char *who, struct event *ev);

#endif
