/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows a transition to its end.  The kernel does the work: it checks sleeping tasks again every
 * second, and every 15 seconds it sends those that remain a fake signal, so that they leave their
 * system call for a moment (klp_send_signals(); it does so by itself since Linux 5.1, commit
 * cba82dea3061).
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "live/follow.h"
#include "live/patches.h"
#include "live/tasks.h"

#define POLL_MS 20
#define COUNT_MS 500   /* between two counts of all tasks, of which a busy machine has many */
#define TELL_MS 3000   /* until the first message that names blocking tasks */
#define AGAIN_MS 15000 /* between two such messages */
#define TOLD_MAX 4     /* tasks that one message names */

char *live_waiting(const struct live_task_vec *blocking)
{
	/* The idle task of each processor has to switch as well, and no list has it. */
	if (!blocking->len)
		return xstrdup("an idle processor");
	return xasprintf("%zu%s task%s", blocking->len,
			 blocking->len == FOLLOW_BLOCKING_MAX ? " or more" : "",
			 blocking->len == 1 ? "" : "s");
}

static void follow_tell(const struct follow *follow, const struct live_tasks *tasks)
{
	size_t waiting = tasks->total - tasks->done;
	size_t told = 0;

	if (!waiting)
		return;
	progress_detail(follow->progress, "%s: waiting for %zu of %zu tasks", follow->name, waiting,
			tasks->total);
	vec_foreach(&tasks->blocking, it) {
		scope_free char *text = live_task_describe(it);

		if (told++ == TOLD_MAX)
			break;
		progress_detail(follow->progress, "  %s", text);
	}
	if (waiting > TOLD_MAX)
		progress_detail(follow->progress, "  and %zu more", waiting - TOLD_MAX);
}

/* Counts tasks, and from time to time names those that have not switched. */
static void follow_look(const struct follow *follow, uint64_t now, uint64_t *next_tell, bool *begun)
{
	scope_live_tasks tasks = {};

	err_free(live_tasks_read(follow->root, follow->target, FOLLOW_BLOCKING_MAX, &tasks));
	if (!*begun)
		progress_begin(follow->progress,
			       follow->target ? "patching tasks" : "unpatching tasks", tasks.total,
			       PROGRESS_COUNT);
	*begun = true;
	progress_update(follow->progress, tasks.done);
	if (now < *next_tell)
		return;
	follow_tell(follow, &tasks);
	*next_tell = now + AGAIN_MS;
}

static void follow_keep_blocking(const struct follow *follow, struct live_task_vec *blocking)
{
	struct live_tasks tasks = {};

	err_free(live_tasks_read(follow->root, follow->target, FOLLOW_BLOCKING_MAX, &tasks));
	live_task_vec_free(blocking);
	*blocking = tasks.blocking;
}

/* Returns whether the transition goes on; the folder of a disabled patch disappears at its end. */
static bool follow_in_transition(const struct follow *follow)
{
	return live_attribute(follow->root, follow->name, "transition") == 1;
}

struct err *live_follow(const struct follow *follow, enum follow_end *end,
			struct live_task_vec *blocking)
{
	uint64_t start = clock_boot_ms(), next_look = start + COUNT_MS, now;
	uint64_t next_tell = start + TELL_MS;
	bool begun = false;

	*end = FOLLOW_DONE;
	while (follow_in_transition(follow)) {
		now = clock_boot_ms();
		if (now - start >= follow->limit_ms)
			*end = FOLLOW_LATE;
		else if (!follow->uninterruptible && interrupt_pending())
			*end = FOLLOW_INTERRUPTED;
		if (*end != FOLLOW_DONE) {
			follow_keep_blocking(follow, blocking);
			break;
		}
		if (now >= next_look) {
			follow_look(follow, now, &next_tell, &begun);
			next_look = now + COUNT_MS;
		}
		clock_sleep_ms(POLL_MS);
	}
	if (begun)
		progress_end(follow->progress);
	return NULL;
}
