/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All processors in the patched functions; what that costs in time and in memory. */
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

#include "work.h"

#define CPUS_MAX 16
#define ROUNDS 3
#define WARM_UP_MS 150
#define SUSPICIOUS_KB 128
#define END_MS 3000
#define MEASURE_MS 50
#define MEASURE_MAX_MS 600
#define RUNS_MIN 300
#define MEASURED_MAX 4

static pid_t hammers[CPUS_MAX];
static volatile unsigned long *calls; /* one for each processor */

static struct {
	long growth_kb[ROUNDS];
	unsigned long calls;
	unsigned round_ms;
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
		aims_run();
		calls[cpu]++;
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
	if (!calls)
		calls = mmap(NULL, CPUS_MAX * sizeof(*calls), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (calls == MAP_FAILED)
		_exit(1);
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
		sum += calls[cpu];
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

static void run_rounds(unsigned round_ms, long growth_kb[ROUNDS])
{
	sleep_ms(WARM_UP_MS);

	long before = kernel_kb();

	for (int i = 0; i < ROUNDS; i++) {
		sleep_ms(round_ms);

		long after = kernel_kb();

		growth_kb[i] = after - before;
		before = after;
	}
}

static void list_growth(struct event *ev, const char *key, const long growth_kb[ROUNDS])
{
	event_list(ev, key);
	for (int i = 0; i < ROUNDS; i++)
		event_item(ev, growth_kb[i]);
	event_close(ev, ']');
}

static bool is_suspicious(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (leak.growth_kb[i] < SUSPICIOUS_KB)
			return false;
	}
	return true;
}

/*
 * leak MS: how much more memory the kernel holds after each of three rounds of hammering.
 * MS 0: the same again, now without the patch, if the first time gave reason to.
 */
bool verb_leak(const struct step *step, struct event *ev)
{
	unsigned round_ms = atoi(step->argv[1]);
	long control[ROUNDS];
	char by[64] = "everything";

	if (round_ms) {
		unsigned long before = count_calls();

		leak.round_ms = round_ms;
		run_rounds(round_ms, leak.growth_kb);
		leak.calls = count_calls() - before;
	} else if (!leak.round_ms || !is_suspicious()) {
		return true;
	}
	list_growth(ev, "patched", leak.growth_kb);
	event_num(ev, "calls", leak.calls);
	if (round_ms)
		return true;
	run_rounds(leak.round_ms, control);
	list_growth(ev, "control", control);
	if (aim_count())
		snprintf(by, sizeof(by), "%s", aim_name(0));
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

/* measure: how long one visit of what reaches the patched functions takes. */
bool verb_measure(const struct step *step, struct event *ev)
{
	static uint64_t *ns;

	(void)step;
	if (!ns)
		ns = mmap(NULL, MEASURED_MAX * sizeof(*ns), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ns == MAP_FAILED || !aim_count())
		return true;
	memset(ns, 0, MEASURED_MAX * sizeof(*ns));

	pid_t pid = fork();

	if (!pid) {
		unshare(CLONE_NEWNS);
		for (unsigned i = 0; i < aim_count() && i < MEASURED_MAX; i++)
			ns[i] = time_aim(i);
		_exit(0);
	}
	for (unsigned ms = 0; pid > 0 && ms < END_MS && !waitpid(pid, NULL, WNOHANG); ms += 2)
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
