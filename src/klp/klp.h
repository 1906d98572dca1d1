/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From source patches to a livepatch module: the whole way, stage by stage.
 */
#ifndef SUTURE_KLP_KLP_H
#define SUTURE_KLP_KLP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "finding/allowance.h"
#include "klp/report.h"
#include "pair/pair.h"
#include "target/target.h"

struct klp_build_spec {
	const struct target *target;
	const char *const *patches; /* files, applied in this order */
	size_t nr_patches;
	const struct pair_file *files; /* that take the place of the source's; name is set then */
	size_t nr_files;
	bool keep_going;	     /* what fails in a unit is a finding of that unit */
	const char *name;	     /* of the module; NULL: after the first patch */
	const char *info;	     /* a line for its .modinfo, "key=value"; or NULL */
	const char *out_dir;	     /* where <name>.ko goes; NULL: nothing is written */
	bool replace;		     /* takes the place of all live patches loaded before */
	unsigned jobs;		     /* 0: as many as processors */
	enum sandbox_kind sandbox;   /* what everything that reads the patches runs in */
	bool listings;		     /* the report shall have the code of both versions */
	struct allowance_vec *allow; /* findings that shall not refuse; which were used is noted */
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
struct err *klp_prepare(const struct target *target, enum sandbox_kind sandbox,
			struct progress *progress);

#endif
