/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From source patches to a livepatch module: the whole way, stage by stage.
 */
#ifndef SUTURE_KLP_KLP_H
#define SUTURE_KLP_KLP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "finding/allowance.h"
#include "finding/finding.h"
#include "safety/safety.h"
#include "target/target.h"

struct klp_build_spec {
	const struct target *target;
	const char *const *patches; /* files, applied in this order */
	size_t nr_patches;
	const char *name;	     /* of the module; NULL: after the first patch */
	const char *out_dir;	     /* where <name>.ko goes; NULL: nothing is written */
	bool replace;		     /* takes the place of all live patches loaded before */
	unsigned jobs;		     /* 0: as many as processors */
	bool listings;		     /* the report shall have the code of both versions */
	struct allowance_vec *allow; /* findings that shall not refuse; which were used is noted */
};

/* A function that the patch changes, adds or takes away. */
struct klp_function {
	char *object; /* "vmlinux" or a module */
	char *file;   /* "fs/pipe.c" */
	char *name;
	const char *change; /* "changed", "new", "removed" */
	const char
		*proof; /* how the original was found in the shipped kernel; NULL if not sought */
	unsigned sympos;
	struct function_facts facts;
	struct code_pair_vec code; /* both versions, where the spec asks for listings */
};

struct klp_function_vec VEC(struct klp_function);

struct klp_seconds {
	double compile_pre, compile_post, diff, match, safety, link, total;
};

struct klp_report {
	char *name;
	char *module; /* the file written, or NULL */
	struct klp_function_vec functions;
	struct finding_vec findings;
	struct type_view_vec types; /* that changed */
	bool refused;
	size_t nr_replaced; /* functions */
	size_t nr_units;    /* compiled both ways */
	struct klp_seconds seconds;
};

/*
 * An error is something that stopped the work; a patch that cannot be live-patched is a
 * report with refused set.  Nothing is written then, nor when the patch changes no code.
 */
struct err *klp_build(const struct klp_build_spec *spec, struct progress *progress,
		      struct klp_report **report);

/*
 * Does for a release what the first klp_build() would else have to: seconds, once.  Needs the
 * kernel's compiler.
 */
struct err *klp_prepare(const struct target *target, struct progress *progress);

void klp_report_free(struct klp_report *report);
void klp_report_freep(struct klp_report **reportp);
#define scope_klp_report __attribute__((cleanup(klp_report_freep))) struct klp_report *

/* A module name made from a patch's file name: "fs__libfs.patch" → "livepatch_fs__libfs"; free().
 */
char *klp_default_name(const char *patch);

/* NULL when the kernel would take it as a module's name. */
struct err *klp_check_name(const char *name) ERR_MUST_USE;

#endif
