/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All processors in the patched functions; what that costs in time and in memory. */
#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "work.h"

#define CPUS_MAX 16
#define ROUNDS 3
#define WARM_UP_MS 150
#define SUSPICIOUS_KB 128
/* That much is evidence enough: what leaks is not to take all memory. */
#define PLENTY_KB 1024
#define PLENTY_CALLS 16
/* A round without enough calls goes on, but not for ever: so many times its length or that much. */
#define STRETCH 10
#define STRETCH_MS 4000
#define POLL_MS 5
#define REST_MS 20
#define SLOW_MS 5
#define END_MS 3000
#define MEASURE_MS 50
#define MEASURE_MAX_MS 600
#define RUNS_MIN 300
#define MEASURED_MAX 4

static pid_t hammers[CPUS_MAX];
static uint64_t *aim_ns; /* what a visit of each aim has taken, or NULL */

enum pace { FAST, SLOW, REST };

/* Shared with the hammers. */
static struct {
	volatile enum pace pace;
	volatile unsigned long calls[CPUS_MAX]; /* of each processor */
} * shared;

struct round {
	long growth_kb;
	unsigned long calls;
};

static struct {
	struct round rounds[ROUNDS];
	unsigned round_ms;
	bool suspicious;
} leak;

static _Noreturn void hammer(int cpu)
{
	cpu_set_t cpus;

	prctl(PR_SET_NAME, "hammer");
	setsid();
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	unshare(CLONE_NEWNS);
	for (;;) {
		if (shared->pace != FAST)
			sleep_ms(SLOW_MS);
		if (shared->pace == REST)
			continue;
		aims_run();
		shared->calls[cpu]++;
	}
}

static bool hammer_off(struct event *ev)
{
	bool all = true;

	for (int cpu = 0; cpu < CPUS_MAX; cpu++) {
		if (hammers[cpu] > 0 && !child_end(hammers[cpu], END_MS, ev)) {
			if (all)
				event_text(ev, "who", "hammer", 6);
			all = false;
		}
		hammers[cpu] = 0;
	}
	kill(-1, SIGKILL); /* what they have started */
	return all;
}

/* hammer on|off */
bool verb_hammer(const struct step *step, struct event *ev)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (strcmp(step->argv[1], "on"))
		return hammer_off(ev);
	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		_exit(1);
	shared->pace = FAST;
	memset(&leak, 0, sizeof(leak));
	for (int cpu = 0; cpu < cpus && cpu < CPUS_MAX; cpu++) {
		hammers[cpu] = fork();
		if (!hammers[cpu])
			hammer(cpu);
	}
	return true;
}

static unsigned long count_calls(void)
{
	unsigned long sum = 0;

	for (int cpu = 0; cpu < CPUS_MAX; cpu++)
		sum += shared->calls[cpu];
	return sum;
}

/* A value of /proc/meminfo. */
static long meminfo(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? atol(line + strlen(name)) : 0;
}

/* What the kernel holds for itself, without what it would give back. */
static long kernel_kb(void)
{
	static const char *const others[] = {
		"MemFree:", "Buffers:", "\nCached:", "AnonPages:", "SReclaimable:"};
	char text[4096];

	if (read_text("/proc/meminfo", text, sizeof(text)) < 0)
		return 0;

	long kb = meminfo(text, "MemTotal:");

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		kb -= meminfo(text, others[i]);
	return kb;
}

/* Hammers at rest, and what was freed but for a grace period is free. */
static long settled_kb(void)
{
	enum pace pace = shared->pace;

	shared->pace = REST;
	for (int i = 0; i < 2; i++) {
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0); /* synchronize_rcu() */
		sleep_ms(REST_MS);
	}

	long kb = kernel_kb();

	shared->pace = pace;
	return kb;
}

/*
 * Half of the calls that an idle machine makes in that time.  So what a round finds does not
 * depend on what else the host has to do.
 */
static unsigned long calls_in(unsigned ms)
{
	uint64_t ns = 0;
	unsigned aims = 0;

	for (; aim_ns && aims < aim_count() && aims < MEASURED_MAX && aim_ns[aims]; aims++)
		ns += aim_ns[aims];
	return ns ? ms * 500000ull * aims / aim_count() / ns : 0;
}

/* At least that long and so many, if they come in time; less when memory runs away. */
static void wait_calls(unsigned least_ms, unsigned most_ms, unsigned long needed, long plenty_kb)
{
	unsigned long first = count_calls(), done;
	uint64_t start = now_ms(), passed;

	do {
		sleep_ms(POLL_MS);
		passed = now_ms() - start;
		done = count_calls() - first;
	} while ((passed < least_ms || done < needed) && passed < most_ms &&
		 (done < PLENTY_CALLS || !plenty_kb || kernel_kb() < plenty_kb));
}

static unsigned stretch(unsigned ms)
{
	return ms * STRETCH < ms + STRETCH_MS ? ms * STRETCH : ms + STRETCH_MS;
}

/* Each of these: as many calls as the round before, or what calls_in() says. */
static void run_rounds(struct round rounds[ROUNDS], bool settled, bool repeat)
{
	unsigned ms = leak.round_ms;
	long before = settled ? settled_kb() : kernel_kb();

	for (int i = 0; i < ROUNDS; i++) {
		unsigned long calls = count_calls();

		if (repeat)
			wait_calls(0, stretch(ms), rounds[i].calls, 0);
		else
			wait_calls(ms, stretch(ms), calls_in(ms), before + PLENTY_KB);
		rounds[i].calls = count_calls() - calls;

		long after = settled ? settled_kb() : kernel_kb();

		rounds[i].growth_kb = after - before;
		before = after;
	}
}

static void list_rounds(struct event *ev, const char *key, const struct round rounds[ROUNDS])
{
	event_list(ev, key);
	for (int i = 0; i < ROUNDS; i++) {
		event_object(ev);
		event_num(ev, "kb", rounds[i].growth_kb);
		event_num(ev, "calls", rounds[i].calls);
		event_close(ev, '}');
	}
	event_close(ev, ']');
}

static long growth_of(const struct round rounds[ROUNDS])
{
	long sum = 0;

	for (int i = 0; i < ROUNDS; i++)
		sum += rounds[i].growth_kb;
	return sum;
}

/*
 * leak MS: how much more memory the kernel holds after each of three rounds of hammering, and
 * if that gives reason to, after three more, each with all at rest.
 * MS 0: the same again, now without the patch, if there was reason to.
 */
bool verb_leak(const struct step *step, struct event *ev)
{
	unsigned round_ms = atoi(step->argv[1]);
	struct round control[ROUNDS];
	const char *by = aim_count() ? aim_name(0) : "everything";

	if (round_ms) {
		leak.round_ms = round_ms;
		wait_calls(WARM_UP_MS, stretch(WARM_UP_MS), calls_in(WARM_UP_MS),
			   kernel_kb() + PLENTY_KB);
		run_rounds(leak.rounds, false, false);
		leak.suspicious = growth_of(leak.rounds) >= ROUNDS * SUSPICIOUS_KB;
		if (leak.suspicious) {
			run_rounds(leak.rounds, true, false);
			shared->pace = SLOW; /* whatever comes next takes its time */
		}
		list_rounds(ev, "patched", leak.rounds);
		return true;
	}
	if (!leak.suspicious)
		return true;
	shared->pace = FAST;
	memcpy(control, leak.rounds, sizeof(control));
	run_rounds(control, true, true);
	list_rounds(ev, "patched", leak.rounds);
	list_rounds(ev, "control", control);
	event_text(ev, "by", by, strlen(by));
	return true;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* The fastest of many runs: whatever interrupts one only makes it slower. */
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

/* In memory that a child can write to; all zero. */
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

/* measure: how long one visit of what reaches the patched functions takes. */
bool verb_measure(const struct step *step, struct event *ev)
{
	uint64_t *ns = shared_times();

	(void)step;
	if (!aim_count())
		return true;

	pid_t pid = fork();

	if (!pid) {
		unshare(CLONE_NEWNS);
		for (unsigned i = 0; i < aim_count() && i < MEASURED_MAX; i++)
			ns[i] = time_aim(i);
		_exit(0);
	}

	struct deadline deadline = deadline_from(now_ms(), END_MS);

	while (pid > 0 && !deadline_over(&deadline) && !waitpid(pid, NULL, WNOHANG))
		sleep_ms(2);
	if (pid > 0 && !kill(pid, 0) && !child_end(pid, END_MS, ev)) {
		unsigned at = 0; /* the one that has no time yet */

		while (at + 1 < aim_count() && at + 1 < MEASURED_MAX && ns[at])
			at++;
		event_text(ev, "who", aim_name(at), strlen(aim_name(at)));
		return false;
	}
	event_list(ev, "costs");
	for (unsigned i = 0; i < aim_count() && i < MEASURED_MAX; i++) {
		if (!ns[i])
			continue;
		event_object(ev);
		event_text(ev, "by", aim_name(i), strlen(aim_name(i)));
		event_num(ev, "ns", ns[i]);
		event_close(ev, '}');
	}
	event_close(ev, ']');
	return true;
}
