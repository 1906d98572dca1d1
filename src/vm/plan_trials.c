/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the trials, and adds the steps of each to the plan. */
#include "vm/plan_trials.h"

#include <string.h>

#include "base/alloc.h"

#define CYCLES_DEFAULT 3
#define STACK_HEIGHT 15

/* A copy of the patch is loaded under this name, with a number. */
#define COPY_NAME "suture_copy%u"

/* Returns the label where a failed trial goes on; the second label is for a branch inside it. */
static unsigned label_end(const struct plan_writer *writer)
{
	return PLAN_LABEL_TRIALS + 2 * writer->trial;
}

static unsigned label_turn(const struct plan_writer *writer)
{
	return label_end(writer) + 1;
}

static void add_switch(struct plan_writer *writer, enum plan_verb verb, enum vm_stage stage,
		       const char *arg)
{
	unsigned limit_ms = verb == PLAN_LEAK ? PLAN_LEAK_MS : PLAN_WORK_MS;

	plan_add(writer, (struct plan_step){verb, stage, .limit_ms = limit_ms}, 0, "%s%s",
		 *arg ? " " : "", arg);
}

static void add_hammer(struct plan_writer *writer)
{
	add_switch(writer, PLAN_HAMMER, VM_BEFORE, ARG_ON);
	plan_load(writer, label_end(writer));
	add_switch(writer, PLAN_LEAK, VM_PATCHED, writer->spec->thorough ? "2000" : "200");
	plan_unload(writer, label_end(writer));
	add_switch(writer, PLAN_LEAK, VM_AFTER, "0");
	plan_label(writer, label_end(writer));
	add_switch(writer, PLAN_HAMMER, VM_AFTER, ARG_OFF);
}

static void add_cycles(struct plan_writer *writer)
{
	unsigned cycles = writer->spec->cycles ? writer->spec->cycles : CYCLES_DEFAULT;

	/*
	 * The kernel's memory is measured after the first cycle, one in the middle, and the last.
	 */
	for (unsigned i = 0; i < cycles; i++) {
		plan_load(writer, label_end(writer));
		plan_unload(writer, label_end(writer));
		if (!i)
			add_switch(writer, PLAN_LEVEL, VM_AFTER, ARG_FIRST);
		else if (i == cycles / 2 || i == cycles - 1)
			add_switch(writer, PLAN_LEVEL, VM_AFTER, ARG_NEXT);
	}
	plan_label(writer, label_end(writer));
}

static void add_unneed(struct plan_writer *writer, enum vm_stage stage)
{
	plan_add(writer, (struct plan_step){PLAN_UNNEED, stage, .limit_ms = PLAN_SHORT_MS},
		 label_end(writer), "%s", "");
}

static void add_late(struct plan_writer *writer)
{
	add_unneed(writer, VM_TARGETS);
	plan_load(writer, label_end(writer));
	plan_count(writer, PLAN_PROBE); /* the module's init may be all that calls a function */
	plan_needs(writer, VM_PATCHED);
	plan_count(writer, PLAN_COVER);
	plan_objects(writer);
	plan_unload(writer, label_end(writer));
	plan_label(writer, label_end(writer));
	plan_needs(writer, VM_AFTER); /* the next trial wants the modules loaded */
}

static void add_reload(struct plan_writer *writer)
{
	plan_load(writer, label_end(writer));
	add_unneed(writer, VM_PATCHED);
	plan_needs(writer, VM_PATCHED);
	plan_objects(writer);
	plan_unload(writer, label_end(writer));
	plan_label(writer, label_end(writer));
	plan_needs(writer, VM_AFTER);
}

static void add_stalled(struct plan_writer *writer, const char *sleepers)
{
	const char *name = writer->patch->name;

	add_switch(writer, PLAN_SLEEPERS, VM_BEFORE, sleepers);
	/* Without a task inside, this would be no more than another cycle. */
	plan_add(writer, (struct plan_step){PLAN_INSIDE, VM_BEFORE, .limit_ms = PLAN_WORK_MS},
		 label_end(writer), "%s", "");
	plan_insert(writer, label_end(writer));
	plan_add(writer, (struct plan_step){PLAN_STALL, VM_TRANSITION, .limit_ms = PLAN_SHORT_MS},
		 label_turn(writer), " %s", name);
	plan_add(writer,
		 (struct plan_step){PLAN_REVERSE, VM_TRANSITION,
				    .limit_ms = plan_transition_ms(writer)},
		 label_end(writer), " %s", name);
	plan_add(writer, (struct plan_step){PLAN_REMOVE, VM_UNLOAD, .limit_ms = PLAN_REMOVE_MS},
		 label_end(writer), " %s", name);
	add_switch(writer, PLAN_SLEEPERS, VM_AFTER, ARG_OFF);
	plan_load(writer, label_end(writer));
	plan_label(writer, label_turn(writer));
	add_switch(writer, PLAN_SLEEPERS, VM_PATCHED, ARG_OFF);
	plan_unload(writer, label_end(writer));
	plan_label(writer, label_end(writer));
	add_switch(writer, PLAN_SLEEPERS, VM_AFTER, ARG_OFF);
}

static void add_sleeper(struct plan_writer *writer)
{
	add_stalled(writer, ARG_ON);
}

static void add_faults(struct plan_writer *writer)
{
	add_stalled(writer, ARG_FAULTS);
}

static void add_named(struct plan_writer *writer, enum plan_verb verb, enum vm_stage stage,
		      unsigned label)
{
	plan_add(writer, (struct plan_step){verb, stage, .limit_ms = plan_transition_ms(writer)},
		 label, " %s", writer->patch->name);
}

/* Loads the copy of that number on top of what is loaded. */
static void add_copy(struct plan_writer *writer, unsigned number)
{
	scope_free char *name = xasprintf(COPY_NAME, number);

	plan_add(writer,
		 (struct plan_step){PLAN_COPY, VM_LOAD, .limit_ms = plan_load_ms(writer),
				    .subject = name},
		 label_end(writer), " /" GUEST_PATCH_PATH " %s", writer->module, name);
	plan_add(writer,
		 (struct plan_step){PLAN_SETTLE, VM_TRANSITION,
				    .limit_ms = plan_transition_ms(writer), .subject = name},
		 label_end(writer), " %s", name);
}

static void drop_copy(struct plan_writer *writer, unsigned number)
{
	scope_free char *name = xasprintf(COPY_NAME, number);

	plan_add(writer,
		 (struct plan_step){PLAN_DROP, VM_UNLOAD, .limit_ms = plan_transition_ms(writer),
				    .subject = name},
		 0, " %s", name);
}

/*
 * Removes the patch while tasks sleep in its new code: once by disabling it, once by loading a copy
 * that replaces it.
 */
static void add_asleep(struct plan_writer *writer)
{
	plan_add(writer, (struct plan_step){PLAN_SLEPT, VM_BEFORE, .limit_ms = PLAN_SHORT_MS},
		 label_end(writer), "%s", "");
	add_switch(writer, PLAN_VISITORS, VM_BEFORE, ARG_ON);
	plan_load(writer, label_end(writer));
	add_named(writer, PLAN_ASLEEP, VM_PATCHED, label_end(writer));
	plan_unload(writer, label_end(writer));
	add_switch(writer, PLAN_VISITORS, VM_AFTER, ARG_OFF);
	add_switch(writer, PLAN_VISITORS, VM_BEFORE, ARG_ON);
	plan_load(writer, label_end(writer));
	add_named(writer, PLAN_ASLEEP, VM_PATCHED, label_end(writer));
	add_copy(writer, 1);
	add_named(writer, PLAN_REPLACED, VM_PATCHED, label_turn(writer));
	plan_label(writer, label_turn(writer));
	add_switch(writer, PLAN_VISITORS, VM_AFTER, ARG_OFF);
	plan_label(writer, label_end(writer));
	add_switch(writer, PLAN_VISITORS, VM_AFTER, ARG_OFF);
	drop_copy(writer, 1);
}

/* Wakes waiters in both directions before the transition has to end, since some may block it. */
static void add_waiters(struct plan_writer *writer)
{
	add_switch(writer, PLAN_WAITERS, VM_BEFORE, ARG_ON);
	plan_insert(writer, label_end(writer));
	add_switch(writer, PLAN_WAKE, VM_PATCHED, "");
	add_named(writer, PLAN_SETTLE, VM_TRANSITION, label_end(writer));
	add_switch(writer, PLAN_WAITERS, VM_PATCHED, ARG_ON);
	add_named(writer, PLAN_LEAVE, VM_DISABLE, label_end(writer));
	add_switch(writer, PLAN_WAKE, VM_DISABLE, "");
	add_named(writer, PLAN_GONE, VM_DISABLE, label_end(writer));
	plan_add(writer, (struct plan_step){PLAN_REMOVE, VM_UNLOAD, .limit_ms = PLAN_REMOVE_MS},
		 label_end(writer), " %s", writer->patch->name);
	plan_label(writer, label_end(writer));
	add_switch(writer, PLAN_WAITERS, VM_AFTER, ARG_OFF);
}

/* Has tracers replace the return addresses of the functions that patched functions call. */
static void add_callees(struct plan_writer *writer)
{
	plan_add(writer, (struct plan_step){PLAN_CALLEES, VM_BEFORE, .limit_ms = PLAN_WORK_MS},
		 label_end(writer), " /" GUEST_PATCH_PATH, writer->module);
	add_switch(writer, PLAN_VISITORS, VM_BEFORE, ARG_ON);
	plan_load(writer, label_end(writer));
	plan_exercise(writer, VM_PATCHED, ARG_AIMED);
	add_switch(writer, PLAN_VISITORS, VM_PATCHED, ARG_ON);
	plan_unload(writer, label_end(writer));
	plan_label(writer, label_end(writer));
	add_switch(writer, PLAN_VISITORS, VM_AFTER, ARG_OFF);
	add_switch(writer, PLAN_TRACE, VM_AFTER, ARG_OFF);
}

static void add_busy(struct plan_writer *writer)
{
	add_switch(writer, PLAN_HAMMER, VM_BEFORE, ARG_OTHERS);
	plan_load(writer, label_end(writer));
	plan_objects(writer);
	plan_unload(writer, label_end(writer));
	plan_label(writer, label_end(writer));
	add_switch(writer, PLAN_HAMMER, VM_AFTER, ARG_OFF);
}

static void add_leaving(struct plan_writer *writer)
{
	plan_insert(writer, label_end(writer));
	add_unneed(writer, VM_TRANSITION);
	add_named(writer, PLAN_SETTLE, VM_TRANSITION, label_end(writer));
	plan_needs(writer, VM_PATCHED);
	plan_objects(writer);
	plan_unload(writer, label_end(writer));
	plan_label(writer, label_end(writer));
	plan_needs(writer, VM_AFTER);
}

static void add_stack(struct plan_writer *writer)
{
	for (unsigned i = 1; i <= STACK_HEIGHT; i++)
		add_copy(writer, i);
	plan_exercise(writer, VM_PATCHED, ARG_AIMED);
	plan_label(writer, label_end(writer));
	for (unsigned i = STACK_HEIGHT; i > 0; i--)
		drop_copy(writer, i);
}

static void add_trace(struct plan_writer *writer)
{
	add_switch(writer, PLAN_TRACE, VM_BEFORE, ARG_ON);
	plan_load(writer, label_end(writer));
	plan_exercise(writer, VM_PATCHED, ARG_AIMED);
	add_switch(writer, PLAN_TRACE, VM_PATCHED, ARG_OFF);
	add_switch(writer, PLAN_TRACE, VM_PATCHED, writer->spec->thorough ? ARG_GRAPH : ARG_ON);
	plan_exercise(writer, VM_PATCHED, ARG_AIMED);
	plan_unload(writer, label_end(writer));
	plan_label(writer, label_end(writer));
	add_switch(writer, PLAN_TRACE, VM_AFTER, ARG_OFF);
}

static void add_memory(struct plan_writer *writer)
{
	add_switch(writer, PLAN_PRESSURE, VM_BEFORE, ARG_ON);
	plan_load(writer, label_end(writer));
	add_switch(writer, PLAN_HAMMER, VM_PATCHED, ARG_ON);
	add_switch(writer, PLAN_LEAK, VM_PATCHED, writer->spec->thorough ? "4000" : "1500");
	plan_unload(writer, label_end(writer));
	add_switch(writer, PLAN_LEAK, VM_AFTER, "0");
	plan_label(writer, label_end(writer));
	add_switch(writer, PLAN_HAMMER, VM_AFTER, ARG_OFF); /* this also ends all other processes */
	add_switch(writer, PLAN_PRESSURE, VM_AFTER, ARG_OFF);
}

static void add_over_step(struct plan_writer *writer, enum plan_verb verb, enum vm_stage stage,
			  unsigned label)
{
	bool insert = verb == PLAN_INSERT;

	plan_add(writer,
		 (struct plan_step){verb, stage, .limit_ms = plan_transition_ms(writer),
				    .over = true},
		 label, " %s%s", insert ? "/" : "",
		 insert ? GUEST_OVER_PATH : writer->patch->over_name);
}

/*
 * Loads the old patch, this one over it, and the old one again.  A patch with `replace` removes the
 * one below it; a patch without stays on top of it, and has to be removed first.
 */
static void add_replace(struct plan_writer *writer)
{
	add_over_step(writer, PLAN_INSERT, VM_LOAD, label_end(writer));
	add_over_step(writer, PLAN_SETTLE, VM_TRANSITION, label_end(writer));
	plan_load(writer, label_end(writer));
	plan_objects(writer);
	plan_exercise(writer, VM_PATCHED, ARG_AIMED);
	add_over_step(writer, PLAN_REPLACED, VM_PATCHED, label_turn(writer));
	add_over_step(writer, PLAN_INSERT, VM_LOAD, label_turn(writer));
	add_over_step(writer, PLAN_SETTLE, VM_TRANSITION, label_turn(writer));
	plan_exercise(writer, VM_PATCHED, ARG_AIMED);
	plan_label(writer, label_turn(writer));
	plan_label(writer, label_end(writer));
	/* The old patch is dropped twice, since it cannot go while it is below the new one. */
	add_over_step(writer, PLAN_DROP, VM_UNLOAD, 0);
	plan_add(writer,
		 (struct plan_step){PLAN_DROP, VM_UNLOAD, .limit_ms = plan_transition_ms(writer)},
		 0, " %s", writer->patch->name);
	add_over_step(writer, PLAN_DROP, VM_UNLOAD, 0);
}

/* Trials run in this order. */
static const struct {
	const char *name;
	void (*add)(struct plan_writer *writer);
	bool by_default;
	bool modules; /* the trial needs a patch of a module */
} trials[] = {
	[VM_TRIAL_LOAD] = {"load", NULL, true, false},
	[VM_TRIAL_COVERAGE] = {"coverage", NULL, true, false},
	[VM_TRIAL_HAMMER] = {"hammer", add_hammer, true, false},
	[VM_TRIAL_CYCLES] = {"cycles", add_cycles, true, false},
	[VM_TRIAL_LATE] = {"late-target", add_late, true, true},
	[VM_TRIAL_RELOAD] = {"reload-target", add_reload, true, true},
	[VM_TRIAL_SLEEPER] = {"sleeper", add_sleeper, true, false},
	[VM_TRIAL_ASLEEP] = {"asleep", add_asleep, true, false},
	[VM_TRIAL_WAITERS] = {"waiters", add_waiters, true, false},
	[VM_TRIAL_TRACE] = {"trace", add_trace, true, false},
	[VM_TRIAL_CALLEES] = {"callees", add_callees, false, false},
	[VM_TRIAL_FAULTS] = {"faults", add_faults, false, false},
	[VM_TRIAL_BUSY] = {"busy", add_busy, false, false},
	[VM_TRIAL_LEAVING] = {"leaving-target", add_leaving, false, true},
	[VM_TRIAL_STACK] = {"stack", add_stack, false, false},
	[VM_TRIAL_MEMORY] = {"memory", add_memory, false, false},
	[VM_TRIAL_REPLACE] = {"replace", add_replace, false, false},
};

const char *vm_trial_name(enum vm_trial trial)
{
	return trials[trial].name;
}

unsigned vm_trials_default(void)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < VM_TRIAL_COUNT; i++)
		bits |= trials[i].by_default ? VM_TRIAL_BIT(i) : 0;
	return bits;
}

unsigned vm_trials_all(void)
{
	return VM_TRIAL_BIT(VM_TRIAL_COUNT) - 1;
}

bool plan_wants(const struct plan_writer *writer, enum vm_trial trial)
{
	if (!(writer->spec->trials & VM_TRIAL_BIT(trial)))
		return false;
	if (trials[trial].modules)
		return writer->patch->reloadable;
	return trial != VM_TRIAL_REPLACE || writer->patch->over_name;
}

void plan_add_trials(struct plan_writer *writer)
{
	for (unsigned i = 0; i < VM_TRIAL_COUNT; i++) {
		if (!trials[i].add || !plan_wants(writer, i))
			continue;
		writer->trial = i;
		plan_add(writer,
			 (struct plan_step){PLAN_TRIAL, VM_UNLOAD,
					    .limit_ms = plan_transition_ms(writer)},
			 PLAN_LABEL_END, " %s", writer->patch->name);
		trials[i].add(writer);
	}
	writer->trial = VM_TRIAL_LOAD;
}
