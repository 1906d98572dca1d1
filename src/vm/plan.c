/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The form of the plan is described in guest/guest.h. */
#include "vm/vm_internal.h"

#include <string.h>

#define LOAD_MS 60000  /* of one module: large ones take seconds under emulation */
#define SHORT_MS 15000 /* of what does not wait for anything */

static const char *const verb_names[] = {
	[PLAN_BEGIN] = "begin",	    [PLAN_NEED] = "need",	[PLAN_CHECK] = "check",
	[PLAN_SHOW] = "show",	    [PLAN_INSERT] = "insert",	[PLAN_SETTLE] = "settle",
	[PLAN_OBJECTS] = "objects", [PLAN_DISABLE] = "disable", [PLAN_REMOVE] = "remove",
	[PLAN_DROP] = "drop",	    [PLAN_RELEASE] = "release", [PLAN_END] = "end",
};

/* How many lines are written for one cycle: insert, settle, objects, disable, remove. */
#define CYCLE_LINES 5

struct writer {
	struct plan *plan;
	const struct vm_spec *spec;
	const char *name;
	unsigned module;
};

/* subject is copied.  next: the line to go on at when the step fails; 0: the following one. */
__attribute__((format(printf, 4, 5))) static void add(struct writer *writer, struct plan_step step,
						      unsigned next, const char *fmt, ...)
{
	struct strbuf *text = &writer->plan->text;
	va_list ap;

	step.module = writer->module;
	if (step.subject) {
		vec_push(&writer->plan->subjects, xstrdup(step.subject));
		step.subject = writer->plan->subjects.data[writer->plan->subjects.len - 1];
	}
	vec_push(&writer->plan->steps, step);
	strbuf_addf(text, "%u %u %s", next, step.limit_ms, verb_names[step.verb]);
	va_start(ap, fmt);
	strbuf_vaddf(text, fmt, ap);
	va_end(ap);
	strbuf_addch(text, '\n');
}

static unsigned checks_count(const struct vm_spec *spec)
{
	unsigned count = 0;

	for (const char *const *it = spec->checks; it && *it; it++)
		count++;
	for (const char *const *it = spec->shows; it && *it; it++)
		count++;
	return count;
}

static void add_checks(struct writer *writer, enum vm_stage stage, enum vm_phase phase)
{
	const struct vm_spec *spec = writer->spec;
	struct plan_step step = {.stage = stage, .phase = phase};

	for (unsigned i = 0; spec->checks && spec->checks[i]; i++) {
		const char *slash = strrchr(spec->checks[i], '/');

		step.verb = PLAN_CHECK;
		step.limit_ms = spec->check_ms ? spec->check_ms : 30000;
		step.subject = slash ? slash + 1 : spec->checks[i];
		add(writer, step, 0, " %s %s /" GUEST_CHECK_PATH, vm_phase_name(phase),
		    writer->name, i);
	}
	for (const char *const *it = spec->shows; it && *it; it++) {
		step.verb = PLAN_SHOW;
		step.limit_ms = SHORT_MS;
		step.subject = *it;
		add(writer, step, 0, " %s", *it);
	}
}

static void add_cycle(struct writer *writer, bool with_checks, unsigned cleanup)
{
	unsigned limit = writer->spec->transition_ms ? writer->spec->transition_ms : 60000;
	const char *name = writer->name;

	add(writer, (struct plan_step){PLAN_INSERT, VM_LOAD, .limit_ms = LOAD_MS}, cleanup,
	    " /" GUEST_PATCH_PATH, writer->module);
	add(writer, (struct plan_step){PLAN_SETTLE, VM_TRANSITION, .limit_ms = limit}, cleanup,
	    " %s", name);
	add(writer, (struct plan_step){PLAN_OBJECTS, VM_PATCHED, .limit_ms = SHORT_MS}, 0, " %s",
	    name);
	if (with_checks)
		add_checks(writer, VM_PATCHED, VM_PHASE_PATCHED);
	add(writer, (struct plan_step){PLAN_DISABLE, VM_DISABLE, .limit_ms = limit}, cleanup, " %s",
	    name);
	add(writer, (struct plan_step){PLAN_REMOVE, VM_UNLOAD, .limit_ms = SHORT_MS}, cleanup,
	    " %s", name);
}

void plan_add_module(struct plan *plan, const struct vm_spec *spec, unsigned module,
		     const char *name, const struct str_vec *needed)
{
	struct writer writer = {plan, spec, name, module};
	unsigned cycles = spec->cycles ? spec->cycles : 1;

	add(&writer, (struct plan_step){PLAN_BEGIN, VM_TARGETS, .limit_ms = SHORT_MS}, 0, " %u",
	    module);
	vec_foreach(needed, it)
		add(&writer,
		    (struct plan_step){PLAN_NEED, VM_TARGETS, .limit_ms = LOAD_MS, .subject = *it},
		    0, " %s /" GUEST_MODULE_PATH, *it, *it);
	add_checks(&writer, VM_BEFORE, VM_PHASE_BEFORE);

	unsigned after = plan->steps.len + cycles * CYCLE_LINES + checks_count(spec) + 1;
	unsigned cleanup = after + checks_count(spec);

	for (unsigned i = 0; i < cycles; i++)
		add_cycle(&writer, !i, cleanup);
	add_checks(&writer, VM_AFTER, VM_PHASE_AFTER);
	add(&writer,
	    (struct plan_step){PLAN_DROP, VM_UNLOAD,
			       .limit_ms = spec->transition_ms ? spec->transition_ms : 60000},
	    0, " %s", name);
	add(&writer, (struct plan_step){PLAN_RELEASE, VM_AFTER, .limit_ms = SHORT_MS}, 0, "%s", "");
	add(&writer, (struct plan_step){PLAN_END, VM_AFTER, .limit_ms = SHORT_MS}, 0, "%s", "");
}

void plan_free(struct plan *plan)
{
	vec_free(&plan->steps);
	str_vec_free(&plan->subjects);
	strbuf_free(&plan->text);
}
