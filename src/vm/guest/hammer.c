/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps all processors in the patched functions, and measures how long each aim takes. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "exercise.h"
#include "hammer.h"
#include "step.h"
#include "util.h"
#include "visitors.h"

#define CPUS_MAX 16
#define SLOW_MS 5
#define END_MS 3000
#define MEASURE_MS 50
#define MEASURE_MAX_MS 600
#define RUNS_MIN 300
#define MEASURED_MAX 4

static pid_t hammers[CPUS_MAX];
static uint64_t *aim_ns; /* how long one run of each aim takes, or NULL */

/* This memory is shared with the hammers. */
static struct {
	volatile enum hammer_pace pace;
	volatile unsigned long calls[CPUS_MAX]; /* one counter for each processor */
} * shared;

static _Noreturn void hammer(int cpu, bool others)
{
	prctl(PR_SET_NAME, "hammer");
	setsid();
	cpus_pin(cpu, cpu);
	unshare(CLONE_NEWNS);
	for (;;) {
		if (shared->pace != HAMMER_FAST)
			sleep_ms(SLOW_MS);
		if (shared->pace == HAMMER_REST)
			continue;
		if (others)
			exercises_run();
		else
			aims_run();
		shared->calls[cpu]++;
	}
}

/* hammer on|others|off: starts hammers that run the aims or all other exercises, or ends them. */
bool verb_hammer(const struct step *step, struct event *ev)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (!strcmp(step->argv[1], ARG_OFF))
		return children_end(hammers, CPUS_MAX, END_MS, "hammer", ev);
	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		_exit(1);
	shared->pace = HAMMER_FAST;
	for (int cpu = 0; cpu < cpus && cpu < CPUS_MAX; cpu++) {
		hammers[cpu] = fork();
		if (!hammers[cpu])
			hammer(cpu, !strcmp(step->argv[1], ARG_OTHERS));
	}
	return true;
}

unsigned long hammer_calls(void)
{
	unsigned long sum = 0;

	for (int cpu = 0; cpu < CPUS_MAX; cpu++)
		sum += shared->calls[cpu];
	return sum;
}

enum hammer_pace hammer_set_pace(enum hammer_pace pace)
{
	enum hammer_pace old = shared->pace;

	shared->pace = pace;
	return old;
}

/*
 * Half of the calls that an idle machine makes in that time are expected, so that the findings of a
 * round do not depend on the load of the host.
 */
unsigned long hammer_calls_in(unsigned ms)
{
	uint64_t ns = 0;
	unsigned aims = 0;

	for (; aim_ns && aims < aim_count() && aims < MEASURED_MAX && aim_ns[aims]; aims++)
		ns += aim_ns[aims];
	return ns ? ms * 500000ull * aims / aim_count() / ns : 0;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Takes the fastest of many runs, since interrupts only make a run slower. */
static uint64_t time_aim(unsigned aim)
{
	uint64_t best = UINT64_MAX, start = now_ns(), before = start;

	for (unsigned run = 0; before < start + MEASURE_MS * 1000000ull ||
			       (run < RUNS_MIN && before < start + MEASURE_MAX_MS * 1000000ull);
	     run++) {
		aim_run(aim);

		uint64_t after = now_ns();

		if (after - before < best)
			best = after - before;
		before = after;
	}
	return best;
}

/* Returns an array of times, all zero, in memory that is shared with children. */
static uint64_t *shared_times(void)
{
	size_t size = MEASURED_MAX * sizeof(*aim_ns);

	if (!aim_ns)
		aim_ns =
			mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (aim_ns == MAP_FAILED)
		_exit(1);
	memset(aim_ns, 0, size);
	return aim_ns;
}

static pid_t measure_start(uint64_t *ns)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	unshare(CLONE_NEWNS);
	for (unsigned i = 0; i < aim_count() && i < MEASURED_MAX; i++)
		ns[i] = time_aim(i);
	for (unsigned i = MEASURED_MAX; i < aim_count(); i++)
		aim_run(i); /* the parent sees whether this task falls asleep in the module */
	_exit(0);
}

/*
 * measure NAME|-: tells how long one run of each aim takes, and notes whether the task that runs it
 * sleeps in code of that module.
 */
bool verb_measure(const struct step *step, struct event *ev)
{
	const char *module = strcmp(step->argv[1], ARG_UNPATCHED) ? step->argv[1] : NULL;
	uint64_t *ns = shared_times();

	if (module)
		slept_forget();
	if (!aim_count())
		return true;

	pid_t pid = measure_start(ns);
	struct deadline deadline = deadline_from(now_ms(), END_MS);

	while (pid > 0 && !deadline_over(&deadline) && !waitpid(pid, NULL, WNOHANG)) {
		if (module)
			slept_look(pid, module);
		sleep_ms(2);
	}
	if (pid > 0 && !kill(pid, 0) && !child_end(pid, END_MS, ev)) {
		unsigned at = 0; /* the first aim without a time is the one that hangs */

		while (at + 1 < aim_count() && at + 1 < MEASURED_MAX && ns[at])
			at++;
		event_string(ev, KEY_WHO, aim_name(at));
		return false;
	}
	event_list(ev, KEY_COSTS);
	for (unsigned i = 0; i < aim_count() && i < MEASURED_MAX; i++) {
		if (!ns[i])
			continue;
		event_object(ev);
		event_string(ev, KEY_BY, aim_name(i));
		event_num(ev, KEY_NS, ns[i]);
		event_close(ev, '}');
	}
	event_close(ev, ']');
	return true;
}
