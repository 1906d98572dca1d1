/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps a guest less idle than it would be, so that transitions complete at once.
 *
 * A task that runs on another processor cannot be switched in the first round, and the
 * kernel tries again only a second later (klp_check_and_switch_task() and
 * klp_try_complete_transition() in kernel/livepatch/transition.c, v6.1).  The idle task
 * counts as running.  So while a transition is made, a task wakes up often on each other
 * processor, by which both it and the idle task pass a point where they switch by
 * themselves; and there are many sleeping tasks, which the kernel looks at before these,
 * so that the round takes long enough for that.
 *
 * Since v6.4 none of that is needed nor good: to start a transition, the kernel rewrites all
 * its calls of cond_resched() (klp_cond_resched_enable()), which interrupts every processor
 * a thousand times and takes the longer the less idle they are.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "busy.h"
#include "util.h"

#define CPUS_MAX 16
#define TICK_NS 300000
/* With half as many, one round in eight was too short for a tick; with these, one in a hundred. */
#define SLEEPERS 1200
#define SLEEPER_STACK 16384

static bool busy_needed; /* this kernel needs it */
static pid_t tickers[CPUS_MAX];

static void pin(int first, int last)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	for (int cpu = first; cpu <= last; cpu++)
		CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static _Noreturn void tick(int cpu, pid_t parent, int ready_fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(cpu, cpu);
	guest_write_all(ready_fd, "", 1);
	while (getppid() == parent)
		nanosleep(&(struct timespec){.tv_nsec = TICK_NS}, NULL);
	_exit(0);
}

void busy_start(void)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pid_t self = getpid();
	int ready[2];
	char byte;

	if (!busy_needed || pipe2(ready, O_CLOEXEC) < 0)
		return;
	pin(0, 0);
	for (int cpu = 1; cpu < cpus && cpu < CPUS_MAX; cpu++) {
		if (tickers[cpu])
			continue;
		tickers[cpu] = fork();
		if (!tickers[cpu])
			tick(cpu, self, ready[1]);
		if (tickers[cpu] > 0)
			(void)!read(ready[0], &byte, 1); /* waits until it is on its processor */
	}
	close(ready[0]);
	close(ready[1]);
}

void busy_stop(void)
{
	for (int cpu = 1; cpu < CPUS_MAX; cpu++) {
		if (tickers[cpu] > 0) {
			kill(tickers[cpu], SIGKILL);
			waitpid(tickers[cpu], NULL, 0);
		}
		tickers[cpu] = 0;
	}
	pin(0, CPUS_MAX - 1);
}

static void *sleeper(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* The sleepers are threads of the calling process: early in the kernel's list, safe from kill(-1).
 */
void busy_prepare(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	struct utsname uts;
	unsigned major = 0, minor = 0;

	uname(&uts);
	sscanf(uts.release, "%u.%u", &major, &minor);
	busy_needed = major < 6 || (major == 6 && minor < 4);
	if (!busy_needed)
		return;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, SLEEPER_STACK);
	for (int i = 0; i < SLEEPERS; i++)
		pthread_create(&thread, &attr, sleeper, NULL);
	pthread_attr_destroy(&attr);
}
