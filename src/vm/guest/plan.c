/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

/* begin NUMBER: a module's trial. */
static bool verb_begin(const struct step *step, struct event *ev)
{
	(void)step;
	(void)ev;
	return true;
}

/* end MS: waits that long for what a patch may have left behind: timers, RCU callbacks, work. */
static bool verb_end(const struct step *step, struct event *ev)
{
	sleep_ms(atoi(step->argv[1]));
	event_num(ev, "taint", kernel_taint());
	return true;
}

static const struct {
	const char *name;
	int args;
	verb_fn *run;
	bool busy; /* makes a transition */
} verbs[] = {
	{"begin", 1, verb_begin, false},       {"need", 2, verb_need, false},
	{"insert", 1, verb_insert, true},      {"settle", 1, verb_settle, true},
	{"check", 3, verb_check, false},       {"show", 1, verb_show, false},
	{"objects", 1, verb_objects, false},   {"disable", 1, verb_disable, true},
	{"remove", 1, verb_remove, false},     {"drop", 1, verb_drop, true},
	{"release", 0, verb_release, false},   {"end", 1, verb_end, false},
	{"trial", 1, verb_drop, true}, /* what the one before may have left */
	{"probe", 1, verb_probe, false},       {"cover", 1, verb_cover, false},
	{"exercise", 1, verb_exercise, false}, {"measure", 0, verb_measure, false},
	{"hammer", 1, verb_hammer, false},     {"leak", 1, verb_leak, false},
	{"level", 1, verb_level, false},       {"sleepers", 1, verb_sleepers, false},
	{"inside", 0, verb_inside, false},     {"stall", 1, verb_stall, true},
	{"reverse", 1, verb_reverse, true},    {"trace", 1, verb_trace, false},
	{"pressure", 1, verb_pressure, false}, {"replaced", 1, verb_replaced, true},
	{"unneed", 0, verb_unneed, false},     {"idle", 0, verb_idle, false},
};

static bool run_verb(const struct step *step, struct event *ev)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, step->argv[0]))
			continue;
		if (step->argc != verbs[i].args + 1)
			break;
		if (verbs[i].busy)
			busy_start();

		bool ok = verbs[i].run(step, ev);

		if (verbs[i].busy)
			busy_stop();
		return ok;
	}
	event_text(ev, "why", "not a step", 10);
	return false;
}

static bool run_step(const struct step *step, int fd, struct activity *activity)
{
	struct event ev;
	char mark[32];
	uint64_t start = now_ms();

	/* In the log itself, which is not read in step with the events. */
	snprintf(mark, sizeof(mark), "step %u", step->line);
	klog_mark(mark);
	event_begin(&ev, "start");
	event_num(&ev, "line", step->line);
	event_num(&ev, "at", start);
	event_send(&ev, fd);

	activity->started_ms = start;
	activity->limit_ms = step->limit_ms;
	activity->line = step->line;
	event_begin(&ev, "step");
	event_num(&ev, "line", step->line);

	bool ok = run_verb(step, &ev);

	activity->line = 0;
	event_bool(&ev, "ok", ok);
	event_num(&ev, "ms", now_ms() - start);
	event_send(&ev, fd);
	return ok;
}

/* Splits a line in place; the last argument that fits holds the rest of the line. */
static bool parse_step(char *text, struct step *step)
{
	int used = 0;

	step->argc = 0;
	if (sscanf(text, "%u %u %n", &step->next, &step->limit_ms, &used) != 2 || !used)
		return false;
	for (char *word = strtok(text + used, " "); word; word = strtok(NULL, " ")) {
		if (step->argc == ARGS_MAX)
			return false;
		step->argv[step->argc++] = word;
	}
	return step->argc > 0;
}

void plan_run(const char *path, int fd, struct activity *activity)
{
	FILE *plan = fopen(path, "re");
	char *text = NULL;
	size_t alloc = 0;
	struct step step = {};
	unsigned skip_to = 0;

	while (plan && getline(&text, &alloc, plan) > 0) {
		step.line++;
		text[strcspn(text, "\n")] = '\0';
		if (step.line < skip_to || !parse_step(text, &step))
			continue;
		skip_to = run_step(&step, fd, activity) ? 0 : step.next;
	}
	free(text);
	if (plan)
		fclose(plan);
}
