/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a livepatch module from source patches, stage by stage. */
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
	const char *const *patches; /* patch files, applied in this order */
	size_t nr_patches;
	const struct pair_file *files; /* replace files of the source; `name` must be set then */
	size_t nr_files;
	size_t most_users; /* as in reach_spec */
	bool keep_going;   /* a unit that fails becomes a finding, and the others go on */
	bool judge_first;  /* these four as in pair_spec; settled is from klp_report.settled */
	const struct altered_file_vec *altered;
	const struct settled_unit_vec *settled;
	bool skip_settled;
	const char *name;	     /* the module's name; NULL to derive it from the first patch */
	const struct str_vec *cves;  /* fixes that the patches do not name; or NULL */
	const char *info;	     /* a line for its .modinfo, "key=value"; or NULL */
	const char *info_inlined;    /* takes its place if code that ran at boot differs; or NULL */
	const char *out_dir;	     /* folder of <name>.ko; NULL to write nothing */
	bool replace;		     /* the module replaces all live patches loaded before */
	unsigned jobs;		     /* how many compilers run at once; 0: one for each processor */
	enum sandbox_kind sandbox;   /* confines all programs that read the patches */
	bool listings;		     /* add the code of both versions to the report */
	struct allowance_vec *allow; /* findings that must not refuse; used ones are marked */
};

/*
 * An error means that the work could not be done; for a patch that cannot be live-patched, the
 * report has refused set. Nothing is written in these cases, nor if the patch changes no code.
 */
struct err *klp_build(const struct klp_build_spec *spec, struct progress *progress,
		      struct klp_report **report);

/*
 * Does the work of some seconds that the first klp_build() for a release would otherwise do.  It
 * needs the kernel's compiler.
 */
struct err *klp_prepare(const struct target *target, enum sandbox_kind sandbox,
			struct progress *progress);

#endif
