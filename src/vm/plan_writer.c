/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Appends steps to a plan: those that load and unload a patch, count calls, and run exercises. */
#include "vm/plan_writer.h"

void plan_add(struct plan_writer *writer, struct plan_step step, unsigned label, const char *fmt,
	      ...)
{
	struct vm_plan *plan = writer->plan;
	scope_strbuf args = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&args, fmt, ap);
	va_end(ap);
	step.module = writer->module;
	step.trial = writer->trial;
	step.label = label;
	if (step.subject) {
		vec_push(&plan->strings, xstrdup(step.subject));
		step.subject = plan->strings.data[plan->strings.len - 1];
	}
	vec_push(&plan->strings, strbuf_detach(&args));
	step.args = plan->strings.data[plan->strings.len - 1];
	vec_push(&plan->steps, step);
}

void plan_label(struct plan_writer *writer, unsigned label)
{
	writer->lines[label] = writer->plan->steps.len + 1;
}

unsigned plan_transition_ms(const struct plan_writer *writer)
{
	return writer->spec->transition_ms ? writer->spec->transition_ms
					   : 60000 + writer->patch->extra_ms;
}

unsigned plan_load_ms(const struct plan_writer *writer)
{
	return PLAN_LOAD_MS + writer->patch->extra_ms;
}

/* Returns the limit in ms of a step that does something short for each function. */
static unsigned plan_each_ms(const struct plan_writer *writer)
{
	return PLAN_SHORT_MS + writer->patch->extra_ms;
}

void plan_needs(struct plan_writer *writer, enum vm_stage stage)
{
	vec_foreach(writer->patch->needed, it)
		plan_add(writer,
			 (struct plan_step){PLAN_NEED, stage, .limit_ms = plan_load_ms(writer),
					    .subject = *it},
			 0, " %s /" GUEST_MODULE_PATH, *it, *it);
}

/*
 * For each task, the kernel searches a list of all replaced functions for each function
 * (klp_check_stack_func(), klp_find_ops()), with interrupts disabled: for 1,700 functions in 320
 * objects, that takes a tenth of a second for each task under emulation.  A module that is loaded
 * later is patched without a transition.
 */
static void plan_unload_late_modules(struct plan_writer *writer)
{
	if (writer->patch->large)
		plan_add(writer,
			 (struct plan_step){PLAN_SHED, VM_BEFORE, .limit_ms = plan_load_ms(writer)},
			 0, " %u", writer->patch->early);
}

void plan_insert(struct plan_writer *writer, unsigned label)
{
	plan_unload_late_modules(writer);
	plan_add(writer, (struct plan_step){PLAN_INSERT, VM_LOAD, .limit_ms = plan_load_ms(writer)},
		 label, " /" GUEST_PATCH_PATH, writer->module);
}

void plan_load(struct plan_writer *writer, unsigned label)
{
	plan_insert(writer, label);
	plan_add(writer,
		 (struct plan_step){PLAN_SETTLE, VM_TRANSITION,
				    .limit_ms = plan_transition_ms(writer)},
		 label, " %s", writer->patch->name);
	if (writer->patch->large)
		plan_needs(writer, VM_PATCHED);
}

void plan_objects(struct plan_writer *writer)
{
	plan_add(writer,
		 (struct plan_step){PLAN_OBJECTS, VM_PATCHED, .limit_ms = plan_each_ms(writer)}, 0,
		 " %s", writer->patch->name);
}

void plan_unload(struct plan_writer *writer, unsigned label)
{
	const char *name = writer->patch->name;

	plan_add(writer,
		 (struct plan_step){PLAN_DISABLE, VM_DISABLE,
				    .limit_ms = plan_transition_ms(writer)},
		 label, " %s", name);
	plan_add(writer, (struct plan_step){PLAN_REMOVE, VM_UNLOAD, .limit_ms = PLAN_REMOVE_MS},
		 label, " %s", name);
}

void plan_exercise(struct plan_writer *writer, enum vm_stage stage, const char *extent)
{
	plan_add(writer, (struct plan_step){PLAN_EXERCISE, stage, .limit_ms = PLAN_WORK_MS}, 0,
		 " %s", extent);
}

void plan_count(struct plan_writer *writer, enum plan_verb verb)
{
	if (writer->spec->trials & VM_TRIAL_BIT(VM_TRIAL_COVERAGE))
		plan_add(writer,
			 (struct plan_step){verb, VM_PATCHED, .limit_ms = plan_each_ms(writer)}, 0,
			 " %s", writer->patch->name);
}
