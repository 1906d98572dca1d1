/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the steps of one module's trials into a plan. */
#ifndef SUTURE_VM_PLAN_WRITER_H
#define SUTURE_VM_PLAN_WRITER_H

#include "vm/plan.h"

#define PLAN_LOAD_MS 60000  /* of one module: large ones take seconds under emulation */
#define PLAN_SHORT_MS 15000 /* of what does not wait for anything */
#define PLAN_REMOVE_MS 5000 /* a work item of the kernel's lets go of a module */
#define PLAN_LEAK_MS 120000 /* of six rounds that a slow host stretches */
#define PLAN_WORK_MS 60000  /* of exercises: more than the guest lets them take */

/* Where a step that fails goes on; 0 is the following one.  Each trial has two of its own. */
enum {
	PLAN_LABEL_END = 1,
	PLAN_LABEL_TRIALS,
	PLAN_LABELS = PLAN_LABEL_TRIALS + 2 * VM_TRIAL_COUNT
};

struct plan_writer {
	struct vm_plan *plan;
	const struct vm_spec *spec;
	const struct plan_patch *patch;
	unsigned module;
	enum vm_trial trial;
	unsigned lines[PLAN_LABELS];
};

/* args are those of the verb, each with a blank before it; step.subject is copied. */
void plan_add(struct plan_writer *writer, struct plan_step step, unsigned label, const char *fmt,
	      ...) __attribute__((format(printf, 4, 5)));
/* The next step is what the label means. */
void plan_label(struct plan_writer *writer, unsigned label);

unsigned plan_transition_ms(const struct plan_writer *writer);
void plan_needs(struct plan_writer *writer, enum vm_stage stage);
void plan_insert(struct plan_writer *writer, unsigned label);
/* insert, settle */
void plan_load(struct plan_writer *writer, unsigned label);
void plan_objects(struct plan_writer *writer);
/* disable, remove */
void plan_unload(struct plan_writer *writer, unsigned label);
/* PLAN_PROBE: from now on calls are counted, if they are to be; PLAN_COVER: until now. */
void plan_count(struct plan_writer *writer, enum plan_verb verb);
void plan_exercise(struct plan_writer *writer, enum vm_stage stage, const char *extent);

#endif
