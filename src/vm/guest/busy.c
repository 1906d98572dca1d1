/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that is less idle than it would be, so that transitions complete at once.
 *
 * A task that runs on another processor cannot be switched in the first round, and the
 * kernel tries again only a second later (klp_check_and_switch_task() and
 * klp_try_complete_transition() in kernel/livepatch/transition.c, v6.1).  The idle task
 * counts as running.  So the other processors spin in system calls, and a task that leaves
 * the kernel switches by itself; and there are many sleeping tasks before the spinning
 * ones, so that the round takes long enough for them to do so.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define CPUS_MAX 16
#define SLEEPERS 600
#define SLEEPER_STACK 16384

static pid_t spinners[CPUS_MAX];

static void pin(int first, int last)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	for (int cpu = first; cpu <= last; cpu++)
		CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static _Noreturn void spin(int cpu, pid_t parent, int ready_fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(cpu, cpu);
	write_all(ready_fd, "", 1);
	while (getppid() == parent)
		;
	_exit(0);
}

void busy_start(void)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pid_t self = getpid();
	int ready[2];
	char byte;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return;
	pin(0, 0);
	for (int cpu = 1; cpu < cpus && cpu < CPUS_MAX; cpu++) {
		if (spinners[cpu])
			continue;
		spinners[cpu] = fork();
		if (!spinners[cpu])
			spin(cpu, self, ready[1]);
		if (spinners[cpu] > 0)
			(void)!read(ready[0], &byte, 1); /* until it is on its processor */
	}
	close(ready[0]);
	close(ready[1]);
}

void busy_stop(void)
{
	for (int cpu = 1; cpu < CPUS_MAX; cpu++) {
		if (spinners[cpu] > 0) {
			kill(spinners[cpu], SIGKILL);
			waitpid(spinners[cpu], NULL, 0);
		}
		spinners[cpu] = 0;
	}
	pin(0, CPUS_MAX - 1);
}

static void *sleeper(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* Threads of the calling process: early in the kernel's list, and safe from kill(-1). */
void busy_prepare(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, SLEEPER_STACK);
	for (int i = 0; i < SLEEPERS; i++)
		pthread_create(&thread, &attr, sleeper, NULL);
	pthread_attr_destroy(&attr);
}
