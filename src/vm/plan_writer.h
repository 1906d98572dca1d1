/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the steps of one module's trials into a plan. */
#ifndef SUTURE_VM_PLAN_WRITER_H
#define SUTURE_VM_PLAN_WRITER_H

#include "vm/plan.h"

/* Limits of steps in ms, far longer than the steps take on a slow host. */
#define PLAN_LOAD_MS 60000  /* loading one module, which takes seconds under emulation */
#define PLAN_SHORT_MS 15000 /* steps that do not wait for anything */
#define PLAN_REMOVE_MS 5000 /* unloading: a work item of the kernel's has to release the module */
#define PLAN_LEAK_MS 120000 /* six rounds, which the guest extends on a slow host */
#define PLAN_WORK_MS 60000  /* exercises, which the guest ends earlier */

/* Labels say where a failed step goes on; 0 is the following step.  Each trial has two labels. */
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

/* Appends a step; fmt gives the verb's arguments, each after a blank.  Copies step.subject. */
void plan_add(struct plan_writer *writer, struct plan_step step, unsigned label, const char *fmt,
	      ...) __attribute__((format(printf, 4, 5)));
/* Lets the label mean the step that is appended next. */
void plan_label(struct plan_writer *writer, unsigned label);

/* Returns the limit of one transition in ms. */
unsigned plan_transition_ms(const struct plan_writer *writer);
/* Returns the limit of loading the patch in ms. */
unsigned plan_load_ms(const struct plan_writer *writer);
/* Appends steps that load the modules which the patch needs. */
void plan_needs(struct plan_writer *writer, enum vm_stage stage);
/*
 * Appends the step that loads the patch, without waiting for its transition.  Before it, it unloads
 * the modules that come after a large patch.
 */
void plan_insert(struct plan_writer *writer, unsigned label);
/* Does the same as plan_insert(), and appends the steps that wait for the transition and load those
 * modules. */
void plan_load(struct plan_writer *writer, unsigned label);
/* Appends the step that tells what the kernel has patched. */
void plan_objects(struct plan_writer *writer);
/* Appends the steps that disable the patch and unload it. */
void plan_unload(struct plan_writer *writer, unsigned label);
/* Appends PLAN_PROBE, which begins to count calls, or PLAN_COVER, which ends that; if wanted. */
void plan_count(struct plan_writer *writer, enum plan_verb verb);
/* Appends a run of the exercises; extent is ARG_ALL, ARG_QUICK or ARG_AIMED. */
void plan_exercise(struct plan_writer *writer, enum vm_stage stage, const char *extent);

#endif
