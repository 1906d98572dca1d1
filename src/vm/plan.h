/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan of a guest: the steps of all trials, and their text for the guest (protocol.h). */
#ifndef SUTURE_VM_PLAN_H
#define SUTURE_VM_PLAN_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "base/vec.h"
#include "vm/protocol.h"
#include "vm/vm.h"

enum plan_verb {
#define PLAN_VERB(constant, name, args, busy) PLAN_##constant,
	PROTOCOL_VERBS(PLAN_VERB)
#undef PLAN_VERB
};

struct plan_step {
	enum plan_verb verb;
	enum vm_stage stage;
	enum vm_phase phase;
	enum vm_trial trial;
	unsigned module; /* index in the spec's patches */
	unsigned limit_ms;
	/* PLAN_NEED: the module, PLAN_CHECK: the program, PLAN_SHOW: the file; else NULL. */
	const char *subject;
	unsigned check;	  /* PLAN_CHECK: index in the spec's checks */
	bool over;	  /* it is about the older patch, not the one under trial */
	unsigned label;	  /* the label to go on at if it fails: plan_writer.h */
	unsigned next;	  /* the line to go on at if it fails; 0: the following one */
	const char *args; /* the arguments of the verb, each with a blank before it */
};

/* Line n of the guest's plan is steps.data[n - 1]. */
struct vm_plan {
	struct plan_steps VEC(struct plan_step) steps;
	struct str_vec strings; /* owns the strings of the steps */
	struct strbuf text;
};

/* What the plan has to know about a patch. */
struct plan_patch {
	const char *name;
	const struct str_vec *needed; /* the modules to be loaded for it, in order */
	const char *over_name;	      /* the older patch's name, or NULL */
	bool reloadable;	      /* the patch can stay loaded without those modules */
	bool large;		      /* modules behind the first `early` are loaded after it */
	unsigned early;
	bool alone;	    /* it is tried once more, for what it may leave behind */
	unsigned extra_ms;  /* what its size adds to limits: plan_extra_ms() */
	unsigned linger_ms; /* how long the guest waits for that after the trials */
};

void plan_free(struct vm_plan *plan);
#define scope_plan __attribute__((cleanup(plan_free))) struct vm_plan
#define PLAN_INIT                                                                                  \
	{                                                                                          \
		.text = STRBUF_INIT                                                                \
	}

/*
 * Returns how much longer than the limits of usual patches a large one may take to load, switch and
 * unload. relocations are those for which the kernel looks up a name.
 */
unsigned plan_extra_ms(size_t functions, size_t objects, size_t relocations);

/*
 * Returns the path in the guest of the check of that index; free().  The program keeps its name,
 * since the kernel's log names processes by it.
 */
char *plan_check_path(unsigned index, const char *host_path);

#endif
