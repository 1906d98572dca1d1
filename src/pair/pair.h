/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source patches to pairs of object files: each built unit that the patches reach is compiled
 * twice, as it is and patched, with the flags and tools that built the kernel.
 *
 * Neither the target's source nor its build folder is ever written.
 */
#ifndef SUTURE_PAIR_PAIR_H
#define SUTURE_PAIR_PAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "base/vec.h"
#include "finding/finding.h"
#include "pair/settled.h"
#include "patch/patch.h"
#include "reach/reach.h"

struct target;

/* A file that replaces one of the tree. */
struct pair_file {
	const char *path; /* in the tree */
	const char *file; /* with its text; NULL: it is removed */
	/* For a header, the changes that including files may notice; NULL if that is to be found
	 * out. */
	const struct str_vec *names;
};

struct pair_spec {
	const struct target *target;
	const char *const *patches; /* files with unified diffs, applied in this order */
	size_t nr_patches;
	const struct pair_file *files; /* put in place before patches are applied; or NULL */
	size_t nr_files;
	bool keep_going; /* a unit that does not compile is PAIR_FAILED, and not the end */
	/* A folder searched last for headers, for what the patch may include; or NULL. */
	const char *include_dir;
	size_t most_users; /* as in reach_spec */
	/* The unpatched compilations of a change that is partly refused would be wasted. */
	bool judge_first; /* nothing is compiled if what is reached shows a refusal */
	/*
	 * What differs from the build before, and the units that were settled by then: those that
	 * do not see the difference are not compiled, and with skip_settled not in the result. Both
	 * may be NULL.
	 */
	const struct altered_file_vec *altered;
	const struct settled_unit_vec *settled;
	bool skip_settled;
	bool keep_lines; /* lines below a hunk keep their __LINE__; callers set it */
	unsigned jobs;	 /* 0: as many as processors */
	enum sandbox_kind sandbox;
};

enum pair_state {
	PAIR_COMPILED,	/* pre and post differ in some loaded byte or relocation */
	PAIR_SAME,	/* pre and post differ in neither */
	PAIR_NEW,	/* a unit only with the patch: post alone */
	PAIR_REMOVED,	/* a unit only without it: pre alone */
	PAIR_NOT_BUILT, /* changed, but no unit of this kernel: neither */
	PAIR_ASM,	/* assembler source, and what it loads differs */
	PAIR_FAILED	/* it does not compile, or its makefile fails: pair_spec.keep_going */
};

struct pair_unit {
	char *source; /* "fs/proc/version.c" */
	enum pair_state state;
	char *pre, *post; /* object files, or NULL; live as long as the result */
	/*
	 * The unpatched object with the sections that it has in the kernel, all functions in .text
	 * and not one in each: NULL where that makes no difference to any function's bytes.
	 */
	char *layout;
	struct str_vec owners; /* "vmlinux", or modules as the kernel names them: "nf_conntrack" */
	bool moved;	       /* the patch renames the file to this: refused already */
	bool lib;	       /* a lib-y object: linked in only where something refers to it */
	struct err *failure;   /* PAIR_FAILED: why; or NULL */
	char *output;	       /* PAIR_FAILED: all that the compiler said; or NULL */
	char *kept;	       /* a copy of post that outlives the result, or NULL */
	struct pair_recipe *recipe; /* for pair_recompile(); NULL unless it was compiled */
};

struct pair_unit_vec VEC(struct pair_unit);

struct pair_result {
	struct pair_unit_vec units;	  /* by source */
	struct changed_file_vec files;	  /* by path */
	struct finding_vec findings;	  /* on files that hold no code, or whose change is lost */
	struct str_vec cves;		  /* that the patches name, as often as they do */
	struct settled_unit_vec skipped;  /* for pair_spec.skip_settled */
	bool judged_only;		  /* pair_spec.judge_first: nothing was compiled */
	char *work;			  /* holds the objects; goes with the result */
	double seconds_patch;		  /* apply, find the units, lay out the trees */
	double seconds_pre, seconds_post; /* compilations, which run side by side */
};

/*
 * Does the work for a release that the first pair_run() would otherwise do: it takes seconds, once.
 * The cache is below target->dir; it is no error if it cannot be written.
 */
struct err *pair_prepare(const struct target *target, enum sandbox_kind sandbox,
			 struct progress *progress);

/*
 * Patches that do not apply, cannot be parsed, or do not compile are errors that name patch, file
 * and place; so is an unpatched source that does not compile.
 */
struct err *pair_run(const struct pair_spec *spec, struct progress *progress,
		     struct pair_result **result);

void pair_result_free(struct pair_result *result);
void pair_result_freep(struct pair_result **resultp);
#define scope_pair_result __attribute__((cleanup(pair_result_freep))) struct pair_result *

/*
 * Compiles the existing sides of a unit once more, with headers below first_dir in place of the
 * kernel's own. spec is as for pair_run(). The objects may overwrite those of the unit; their names
 * belong to the caller and are NULL for a side that does not exist.
 */
struct err *pair_recompile(const struct pair_spec *spec, const struct pair_result *result,
			   const struct pair_unit *unit, const char *first_dir, char **pre,
			   char **post);

#endif
