/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps a guest less idle than it would be, so that transitions complete at once.
 *
 * A task that runs on another processor cannot be switched in the first round, and the kernel tries
 * again only a second later (klp_check_and_switch_task() and klp_try_complete_transition() in
 * kernel/livepatch/transition.c, v6.1).  The idle task counts as running.  So during a transition a
 * task wakes up often on each other processor; thereby both this task and the idle task pass a
 * point where they switch by themselves.  Many sleeping tasks, which the kernel checks before
 * these, make the round long enough for that.
 *
 * From v6.4 on this is not needed, and does harm: to start a transition, the kernel rewrites all
 * its calls of cond_resched() (klp_cond_resched_enable()), which interrupts every processor a
 * thousand times and takes longer if processors are busy.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "busy.h"
#include "util.h"

#define CPUS_MAX 16
#define TICK_NS 300000
/* With half as many sleepers, one round in eight was too short for a tick; now one in a hundred. */
#define SLEEPERS 1200
#define SLEEPER_STACK 1024 /* bytes, for one function that makes one system call */

static bool busy_needed; /* the kernel is older than v6.4 */
static pid_t tickers[CPUS_MAX];

static _Noreturn void tick(int cpu, pid_t parent, int ready_fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	cpus_pin(cpu, cpu);
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
	cpus_pin(0, 0);
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
	cpus_pin(0, CPUS_MAX - 1);
}

static _Noreturn int sleeper(void *unused)
{
	(void)unused;
	for (;;)
		syscall(SYS_pause);
}

/*
 * Starts the sleepers as threads of the calling process, which are early in the kernel's list of
 * tasks and safe from kill(-1).  They are made without the C library, whose stacks are two mappings
 * each: a fork, which copies mappings, would take 40 ms under emulation with 2,400 of them.
 */
static void sleepers_start(void)
{
	size_t size = SLEEPERS * SLEEPER_STACK;
	char *stacks = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (stacks == MAP_FAILED)
		return;
	madvise(stacks, size, MADV_DONTFORK);
	for (char *end = stacks + SLEEPER_STACK; end <= stacks + size; end += SLEEPER_STACK)
		clone(sleeper, end,
		      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			      CLONE_SYSVSEM,
		      NULL);
}

void busy_prepare(void)
{
	busy_needed = !kernel_since(6, 4);
	if (busy_needed)
		sleepers_start();
}
