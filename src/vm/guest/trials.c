/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets up conditions for some trials: tracing, and hardly any free memory. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "child.h"
#include "probe.h"
#include "step.h"
#include "util.h"

#define TRACING "/sys/kernel/tracing/"
#define GROUP "suturetrace"
#define TRACED_MAX 32
#define END_MS 3000

/* With less free memory, the kernel would kill processes. */
#define LEFT_KB 24576
#define BLOCK (1 << 20)
#define BLOCKS_MAX 65536
#define PRESSURE_WAIT_MS 8000

static bool traced[TRACED_MAX];

static void append_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

static void list_function(const char *file, const struct probe *probe)
{
	char text[700];

	if (strcmp(probe->object, "vmlinux"))
		snprintf(text, sizeof(text), "%s:mod:%s\n", probe->name, probe->object);
	else
		snprintf(text, sizeof(text), "%s\n", probe->name);
	append_text(file, text);
}

/* Enables an event of the group; returns false if the kernel refuses that. */
static bool enable_event(const char *name)
{
	char path[100];

	snprintf(path, sizeof(path), TRACING "events/" GROUP "/%s/enable", name);
	return !guest_write_text(path, "1");
}

/* Sets a kprobe on each patched function, and a return probe if wanted. */
static void set_probes(bool returns, struct event *ev)
{
	unsigned probes = 0;

	for (unsigned i = 0; i < probe_count() && i < TRACED_MAX; i++) {
		const struct probe *probe = probe_at(i);
		bool builtin = !strcmp(probe->object, "vmlinux");
		char name[40], text[800];

		snprintf(name, sizeof(name), GROUP "/f%u", i);
		traced[i] = !probe_define_old(i, name);
		probes += traced[i] && enable_event(strchr(name, '/') + 1);
		if (!returns)
			continue;
		snprintf(text, sizeof(text), "r:" GROUP "/r%u %s%s%s\n", i,
			 builtin ? "" : probe->object, builtin ? "" : ":", probe->name);
		append_text(TRACING "kprobe_events", text);
		snprintf(name, sizeof(name), "r%u", i);
		probes += enable_event(name);
	}
	event_num(ev, KEY_PROBES, probes);
}

/* Traces the patched functions, by their entries or also by their returns. */
static void trace_functions(bool graph, struct event *ev)
{
	for (unsigned i = 0; i < probe_count() && i < TRACED_MAX; i++)
		list_function(TRACING "set_ftrace_filter", probe_at(i));
	set_probes(graph, ev);
	guest_write_text(TRACING "current_tracer", graph ? "function_graph" : "function");
}

static void remove_event(const char *name)
{
	char text[64];

	snprintf(text, sizeof(text), "-:" GROUP "/%s\n", name);
	append_text(TRACING "kprobe_events", text);
}

static void trace_off(void)
{
	guest_write_text(TRACING "current_tracer", "nop");
	guest_write_text(TRACING "set_ftrace_filter", "\n");
	guest_write_text(TRACING "events/" GROUP "/enable", "0");
	for (unsigned i = 0; i < probe_count() && i < TRACED_MAX; i++) {
		char name[40];

		snprintf(name, sizeof(name), "f%u", i);
		if (traced[i])
			remove_event(name);
		name[0] = 'r';
		remove_event(name);
		traced[i] = false;
	}
	remove_event("callee");
}

/*
 * trace on|graph|off: traces the patched functions with the function tracer or the function graph
 * tracer, and with kprobes and return probes; `off` removes all tracers, also those of callees.c.
 */
bool verb_trace(const struct step *step, struct event *ev)
{
	const char *what = step->argv[1];

	if (!strcmp(what, ARG_OFF)) {
		trace_off();
		return true;
	}
	guest_write_text(TRACING "buffer_size_kb", "64");
	trace_functions(!strcmp(what, ARG_GRAPH), ev);
	return true;
}

static long available_kb(void)
{
	char text[4096];
	const char *line;

	if (guest_read_text("/proc/meminfo", text, sizeof(text)) < 0)
		return 0;
	line = strstr(text, "MemAvailable:");
	return line ? atol(line + strlen("MemAvailable:")) : 0;
}

/* Keeps allocating and freeing memory, so that other tasks get what they need and no more. */
static _Noreturn void press(volatile bool *reached)
{
	static char *blocks[BLOCKS_MAX];
	unsigned count = 0;

	prctl(PR_SET_NAME, "pressure");
	setsid();
	for (;;) {
		long left = available_kb();

		if (left > LEFT_KB + 2 * BLOCK / 1024 && count < BLOCKS_MAX) {
			char *block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE,
					   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

			if (block != MAP_FAILED)
				blocks[count++] = block;
			continue;
		}
		*reached = true;
		if (left < LEFT_KB && count)
			munmap(blocks[--count], BLOCK);
		else
			sleep_ms(5);
	}
}

/* pressure on|off: starts or ends a task that uses nearly all memory. */
bool verb_pressure(const struct step *step, struct event *ev)
{
	static volatile bool *reached;
	static pid_t pid;

	if (!strcmp(step->argv[1], ARG_OFF)) {
		bool ended = pid <= 0 || child_end(pid, END_MS, ev);

		if (!ended)
			event_string(ev, KEY_WHO, "pressure");
		pid = 0;
		return ended;
	}
	if (!reached)
		reached = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reached == MAP_FAILED)
		_exit(1);
	*reached = false;
	pid = fork();
	if (!pid)
		press(reached);

	struct deadline deadline = deadline_from(now_ms(), PRESSURE_WAIT_MS);

	while (!*reached && !deadline_over(&deadline))
		sleep_ms(10);
	event_num(ev, KEY_LEFT_KB, available_kb());
	return true;
}
