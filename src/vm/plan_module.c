/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the plan of one module: the first load with its checks, the trials, the end. */
#include "vm/plan_module.h"

#include "base/path.h"
#include "vm/plan_trials.h"
#include "vm/plan_writer.h"

static const char *const verb_names[] = {
#define VERB_NAME(constant, name, args, busy) [PLAN_##constant] = #name,
	PROTOCOL_VERBS(VERB_NAME)
#undef VERB_NAME
};

static void add_checks(struct plan_writer *writer, enum vm_stage stage, enum vm_phase phase)
{
	const struct vm_spec *spec = writer->spec;
	struct plan_step step = {.stage = stage, .phase = phase};

	for (unsigned i = 0; spec->checks && spec->checks[i]; i++) {
		scope_free char *path = plan_check_path(i, spec->checks[i]);

		step.verb = PLAN_CHECK;
		step.limit_ms = spec->check_ms ? spec->check_ms : 30000;
		step.subject = path_base(spec->checks[i]);
		step.check = i;
		plan_add(writer, step, 0, " %s %s /%s", vm_phase_name(phase), writer->patch->name,
			 path);
	}
	for (const char *const *it = spec->shows; it && *it; it++) {
		step.verb = PLAN_SHOW;
		step.limit_ms = PLAN_SHORT_MS;
		step.subject = *it;
		plan_add(writer, step, 0, " %s", *it);
	}
}

/* Adds a measurement of the patched functions, which also notes whether tasks sleep in them. */
static void add_measure(struct plan_writer *writer, enum vm_stage stage, enum vm_phase phase)
{
	const char *name = phase == VM_PHASE_PATCHED ? writer->patch->name : ARG_UNPATCHED;

	plan_add(writer,
		 (struct plan_step){PLAN_MEASURE, stage, .phase = phase, .limit_ms = PLAN_WORK_MS},
		 0, " %s", name);
}

/* Adds the phases before, patched and after; if one of these fails, no other trial makes sense. */
static void add_first_load(struct plan_writer *writer)
{
	bool coverage = plan_wants(writer, VM_TRIAL_COVERAGE);

	if (coverage)
		plan_exercise(writer, VM_BEFORE, ARG_QUICK);
	add_checks(writer, VM_BEFORE, VM_PHASE_BEFORE);
	if (plan_wants(writer, VM_TRIAL_LATE) || plan_wants(writer, VM_TRIAL_RELOAD) ||
	    plan_wants(writer, VM_TRIAL_LEAVING))
		plan_add(writer,
			 (struct plan_step){PLAN_IDLE, VM_BEFORE, .limit_ms = PLAN_SHORT_MS}, 0,
			 "%s", "");
	plan_load(writer, PLAN_LABEL_END);
	plan_objects(writer);
	plan_count(writer, PLAN_PROBE);
	add_checks(writer, VM_PATCHED, VM_PHASE_PATCHED);
	if (coverage) {
		plan_exercise(writer, VM_PATCHED, ARG_ALL);
		plan_count(writer, PLAN_COVER);
		add_measure(writer, VM_PATCHED, VM_PHASE_PATCHED);
	}
	plan_unload(writer, PLAN_LABEL_END);
	if (coverage)
		add_measure(writer, VM_AFTER, VM_PHASE_AFTER);
	add_checks(writer, VM_AFTER, VM_PHASE_AFTER);
}

static void plan_write_text(struct plan_writer *writer, size_t first)
{
	struct vm_plan *plan = writer->plan;

	for (size_t i = first; i < plan->steps.len; i++) {
		struct plan_step *step = &plan->steps.data[i];

		step->next = step->label ? writer->lines[step->label] : 0;
		strbuf_addf(&plan->text, "%u %u %s%s\n", step->next, step->limit_ms,
			    verb_names[step->verb], step->args);
	}
}

void plan_add_module(struct vm_plan *plan, const struct vm_spec *spec, unsigned module,
		     const struct plan_patch *patch)
{
	struct plan_writer writer = {.plan = plan, .spec = spec, .patch = patch, .module = module};
	size_t first = plan->steps.len;

	plan_add(&writer, (struct plan_step){PLAN_BEGIN, VM_TARGETS, .limit_ms = PLAN_SHORT_MS}, 0,
		 " %u", module);
	plan_needs(&writer, VM_TARGETS);
	add_first_load(&writer);
	plan_add_trials(&writer);
	plan_label(&writer, PLAN_LABEL_END);
	plan_add(&writer,
		 (struct plan_step){PLAN_DROP, VM_UNLOAD, .limit_ms = plan_transition_ms(&writer)},
		 0, " %s", patch->name);
	plan_add(&writer, (struct plan_step){PLAN_RELEASE, VM_AFTER, .limit_ms = PLAN_SHORT_MS}, 0,
		 "%s", "");
	/*
	 * In a shared guest, the next module's trial would begin so, and would suffer from what
	 * this module has left behind.
	 */
	if (patch->alone)
		plan_exercise(&writer, VM_AFTER, ARG_QUICK);
	plan_add(&writer,
		 (struct plan_step){PLAN_END, VM_AFTER,
				    .limit_ms = PLAN_SHORT_MS + patch->linger_ms},
		 0, " %u", patch->linger_ms);
	plan_write_text(&writer, first);
}
