/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits for a transition to finish. */
#ifndef SUTURE_LIVE_FOLLOW_H
#define SUTURE_LIVE_FOLLOW_H

#include "base/progress.h"
#include "base/root.h"
#include "live/tasks.h"

enum follow_end {
	FOLLOW_DONE,
	FOLLOW_LATE, /* the limit has passed */
	FOLLOW_INTERRUPTED,
};

/* How many blocking tasks are kept, with their stacks. */
#define FOLLOW_BLOCKING_MAX 16

struct follow {
	const struct root *root;
	const char *name;
	int target; /* 1: the patch is being enabled, 0: disabled */
	unsigned limit_ms;
	bool uninterruptible;
	struct progress *progress;
};

/*
 * Waits until the transition has finished, the limit has passed or an interrupt comes; *end says
 * which.  If it has not finished, blocking are tasks that have not switched.
 */
struct err *live_follow(const struct follow *follow, enum follow_end *end,
			struct live_task_vec *blocking);

/* Says how many tasks have not switched, as far as they are known, such as "2 tasks"; free(). */
char *live_waiting(const struct live_task_vec *blocking);

#endif
