/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps tasks asleep in the new code of a patch while it is unloaded or replaced.
 *
 * The kernel searches the stacks of tasks for the replacing functions, by their address and size
 * (klp_check_stack_func() in kernel/livepatch/transition.c, 6.1).  A task that sleeps in other code
 * of the module, a new function that was jumped to or a cold part, does not block the transition;
 * after the module was unloaded, it wakes up in freed memory.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "exercise.h"
#include "step.h"
#include "util.h"
#include "visitors.h"

#define VISITORS 6 /* enough for odd and even process ids, and for early and late visits */
#define PAUSE_MS 2
#define LOOK_MS 300  /* the time in which one visitor must fall asleep */
#define WAKE_MS 5000 /* the time in which all visitors must have returned */
#define VISITORS_END_MS 3000

static pid_t visitors[VISITORS];
static bool slept; /* a task was seen asleep in the code of the patch measured last */

static _Noreturn void visit(int number)
{
	int delay = number * PAUSE_MS;

	prctl(PR_SET_NAME, "visitor");
	setsid();
	unshare(CLONE_NEWNS);
	for (;;) {
		sleep_ms(PAUSE_MS + delay);
		aims_run();
		delay = 0;
	}
}

static void visitors_start(void)
{
	for (int i = 0; i < VISITORS && aim_count(); i++) {
		if (visitors[i] > 0 && !waitpid(visitors[i], NULL, WNOHANG))
			continue; /* this visitor still runs */
		visitors[i] = fork();
		if (!visitors[i])
			visit(i);
	}
}

/* Returns whether the task sleeps with the module on its stack: "[<0>] f+0x1/0x2 [module]". */
static bool sleeps_in(pid_t pid, const char *module)
{
	static char text[8192];
	char frame[300];

	if (!task_is_asleep(pid))
		return false;
	snprintf(frame, sizeof(frame), " [%s]", module);
	return guest_read_stack(pid, text, sizeof(text)) > 0 && strstr(text, frame);
}

/*
 * Waits until the wanted number of visitors sleep in code of the module at once; returns the
 * largest number that was seen.
 */
static int wait_asleep_in(const char *module, int wanted)
{
	struct deadline deadline = deadline_from(now_ms(), LOOK_MS);
	int most = 0;

	do {
		int count = 0;

		for (int i = 0; i < VISITORS; i++)
			count += visitors[i] > 0 && sleeps_in(visitors[i], module);
		if (count > most)
			most = count;
		if (most >= wanted)
			break;
		sleep_ms(PAUSE_MS);
	} while (!deadline_over(&deadline));
	return most;
}

/* Has the visitors end once they return from the kernel; returns false if one does not. */
static bool visitors_end(struct event *ev)
{
	struct deadline deadline = deadline_from(now_ms(), WAKE_MS);
	bool all = true;

	for (int i = 0; i < VISITORS; i++)
		if (visitors[i] > 0)
			kill(visitors[i], SIGTERM);
	for (int i = 0; i < VISITORS; i++) {
		while (visitors[i] > 0 && !waitpid(visitors[i], NULL, WNOHANG)) {
			if (!deadline_over(&deadline)) {
				sleep_ms(PAUSE_MS);
				continue;
			}
			if (!child_end(visitors[i], VISITORS_END_MS, ev)) {
				if (all)
					event_string(ev, KEY_WHO, "visitor");
				all = false;
			}
			break;
		}
		visitors[i] = 0;
	}
	kill(-1, SIGKILL); /* kills all processes that the visitors have started */
	return all;
}

/* visitors on|off: starts tasks that call the patched functions, if none run, or ends them. */
bool verb_visitors(const struct step *step, struct event *ev)
{
	if (!strcmp(step->argv[1], ARG_OFF))
		return visitors_end(ev);
	visitors_start();
	return true;
}

void slept_forget(void)
{
	slept = false;
}

void slept_look(pid_t pid, const char *module)
{
	slept = slept || sleeps_in(pid, module);
}

/* slept: succeeds if a task was seen asleep in the new code while it was measured. */
bool verb_slept(const struct step *step, struct event *ev)
{
	(void)step;
	(void)ev;
	return slept;
}

/*
 * asleep NAME: waits until the visitors sleep in code of the module; fails if none does.  If one of
 * them ran when the kernel checks the tasks, the kernel would check again a second later, when the
 * others may have returned.
 */
bool verb_asleep(const struct step *step, struct event *ev)
{
	int asleep = wait_asleep_in(step->argv[1], VISITORS);

	event_num(ev, KEY_ASLEEP, asleep);
	return asleep > 0;
}
