/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the plan, and carries out its steps by a table of verbs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "busy.h"
#include "klog.h"
#include "plan.h"
#include "step.h"
#include "util.h"

/* begin NUMBER: marks the beginning of a module's trials. */
bool verb_begin(const struct step *step, struct event *ev)
{
	(void)step;
	(void)ev;
	return true;
}

/* trial NAME: begins another trial, and removes the patch if the trial before has left it. */
bool verb_trial(const struct step *step, struct event *ev)
{
	return verb_drop(step, ev);
}

/* end MS: waits for the timers, RCU callbacks and work items that a patch may have left behind. */
bool verb_end(const struct step *step, struct event *ev)
{
	sleep_ms(atoi(step->argv[1]));
	event_num(ev, KEY_TAINT, kernel_taint());
	return true;
}

static const struct {
	const char *name;
	int args;
	verb_fn *run;
	bool busy; /* the verb makes a transition */
} verbs[] = {
#define PLAN_VERB(constant, name, args, busy) {#name, args, verb_##name, busy},
	PROTOCOL_VERBS(PLAN_VERB)
#undef PLAN_VERB
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
	event_string(ev, KEY_WHY, "not a step");
	return false;
}

static bool run_step(const struct step *step, int fd, struct activity *activity)
{
	struct event ev;
	char mark[40];
	uint64_t start = now_ms();

	/* The mark is needed in the log, as the log is not read in step with the events. */
	snprintf(mark, sizeof(mark), LOG_MARK_STEP, step->line);
	klog_mark(mark);
	event_begin(&ev, EVENT_START);
	event_num(&ev, KEY_LINE, step->line);
	event_num(&ev, KEY_AT, start);
	event_send(&ev, fd);

	activity->started_ms = start;
	activity->limit_ms = step->limit_ms;
	activity->line = step->line;
	event_begin(&ev, EVENT_STEP);
	event_num(&ev, KEY_LINE, step->line);

	bool ok = run_verb(step, &ev);

	activity->line = 0;
	event_bool(&ev, KEY_OK, ok);
	event_num(&ev, KEY_MS, now_ms() - start);
	event_send(&ev, fd);
	return ok;
}

/* Splits a line in place; returns false if it is not a step, or has more than ARGS_MAX words. */
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
