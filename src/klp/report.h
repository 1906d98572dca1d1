/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines the report of a build, its result besides the module. */
#ifndef SUTURE_KLP_REPORT_H
#define SUTURE_KLP_REPORT_H

#include <stdbool.h>

#include "base/vec.h"
#include "diff/diff.h"
#include "finding/finding.h"
#include "match/match.h"
#include "pair/settled.h"
#include "safety/facts.h"
#include "safety/listing.h"
#include "safety/safety.h"

/* A function that the patch changes, adds or removes. */
struct klp_function {
	char *object; /* "vmlinux" or a module */
	char *file;   /* "fs/pipe.c" */
	char *name;
	enum diff_change change; /* never DIFF_SAME */
	bool sought;		 /* it has an original, which was looked for in the kernel */
	enum match_proof proof;	 /* if sought: how the original was found */
	unsigned sympos;	 /* if the proof is exact: its position as livepatch counts it */
	struct function_facts facts;
	struct code_pair_vec code; /* both versions, if the spec asks for listings */
};

struct klp_function_vec VEC(struct klp_function);

/* A unit that could not be compiled, while the build goes on with the others. */
struct klp_failure {
	char *source; /* "fs/pipe.c" */
	char *output; /* the compiler's whole output; NULL if the compiler did not fail */
};

struct klp_failure_vec VEC(struct klp_failure);

struct klp_seconds {
	double compile_pre, compile_post, diff, match, safety, link, total;
};

struct klp_report {
	char *name;
	char *module; /* the file written, or NULL */
	struct klp_function_vec functions;
	struct finding_vec findings;
	struct klp_failure_vec failures; /* each of them also has a finding */
	struct type_view_vec types;	 /* the types that changed */
	struct str_vec cves;		 /* the ids of what is fixed, sorted, without doubles */
	/* Of klp_build_spec.keep_going, sorted: units that nothing was found against. */
	struct settled_unit_vec settled;
	bool judged_only; /* of klp_build_spec.judge_first: nothing was compiled */
	bool refused;
	size_t nr_replaced;  /* how many functions are replaced */
	size_t nr_callbacks; /* how many callbacks the patch registers */
	size_t nr_units;     /* how many units were compiled with and without the patch */
	/* The numbers of functions of these units that were compared, and that are as shipped. */
	size_t nr_compared, nr_proven;
	size_t nr_anchored; /* references of the module that the kernel need not look up */
	struct klp_seconds seconds;
};

/*
 * Returns whether a module would have no effect: it would replace no function, and register no
 * callback.
 */
bool klp_report_is_empty(const struct klp_report *report);

/* Returns "exact", "override", …; NULL if the function has no original. */
const char *klp_function_proof(const struct klp_function *function);

void klp_report_free(struct klp_report *report);
void klp_report_freep(struct klp_report **reportp);
#define scope_klp_report __attribute__((cleanup(klp_report_freep))) struct klp_report *

#endif
