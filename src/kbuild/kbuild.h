/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source patches to pairs of object files: each built unit that the patches reach is compiled
 * twice, as it is and patched, with the flags and tools that built the kernel.
 *
 * Neither the target's source nor its build folder is ever written.
 */
#ifndef SUTURE_KBUILD_KBUILD_H
#define SUTURE_KBUILD_KBUILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"

struct target;

struct kbuild_spec {
	const struct target *target;
	const char *const *patches; /* files with unified diffs, applied in this order */
	size_t nr_patches;
	/* A folder searched last for headers, for what the patch may include; or NULL. */
	const char *include_dir;
	bool keep_lines; /* lines below a hunk keep their __LINE__; what callers want: true */
	unsigned jobs;	 /* 0: as many as processors */
};

enum kbuild_state {
	KBUILD_COMPILED,  /* pre and post differ in some loaded byte or relocation */
	KBUILD_SAME,	  /* they do not */
	KBUILD_NEW,	  /* a unit only with the patch: post alone */
	KBUILD_REMOVED,	  /* a unit only without it: pre alone */
	KBUILD_NOT_BUILT, /* changed, but no unit of this kernel: neither */
	KBUILD_ASM	  /* assembler source, and what it loads differs */
};

struct kbuild_unit {
	char *source; /* "fs/proc/version.c" */
	enum kbuild_state state;
	char *pre, *post;      /* object files, or NULL; live as long as the result */
	struct str_vec owners; /* "vmlinux", or modules as the kernel names them: "nf_conntrack" */
	bool lib;	       /* a lib-y object: linked in only where something refers to it */
	struct kbuild_again *again; /* for kbuild_again(); NULL unless it was compiled */
};

struct kbuild_unit_vec VEC(struct kbuild_unit);

/* A file that the patches change; both live as long as the result. */
struct kbuild_file {
	char *path;	      /* in the tree */
	char *before, *after; /* where its text is; NULL when it is new or removed */
};

struct kbuild_file_vec VEC(struct kbuild_file);

struct kbuild_result {
	struct kbuild_unit_vec units;	  /* by source */
	struct kbuild_file_vec files;	  /* by path */
	struct str_vec skipped_files;	  /* "Documentation/x.rst: documentation" */
	struct str_vec lost_files;	  /* the same, of changes that this kernel would have */
	char *work;			  /* holds the objects; goes with the result */
	double seconds_patch;		  /* apply, find the units, lay out the trees */
	double seconds_pre, seconds_post; /* compilations, which run side by side */
};

/*
 * Learns about a release what the first kbuild_run() would else have to: seconds, once.  The
 * cache is below target->dir; one that cannot be written is no error.
 */
struct err *kbuild_prepare(const struct target *target, struct progress *progress);

/*
 * Patches that do not apply, cannot be understood, or do not compile are errors that name
 * patch, file and place; so is a source that does not compile as it is.
 */
struct err *kbuild_run(const struct kbuild_spec *spec, struct progress *progress,
		       struct kbuild_result **result);

void kbuild_result_free(struct kbuild_result *result);
void kbuild_result_freep(struct kbuild_result **resultp);
#define scope_kbuild_result __attribute__((cleanup(kbuild_result_freep))) struct kbuild_result *

/*
 * Compiles what there is of the two sides of a unit once more, headers below first_dir taking the
 * place of the kernel's own.  spec as for kbuild_run().  The objects may overwrite those of the
 * unit; their names belong to the caller, NULL for a side that does not exist.
 */
struct err *kbuild_again(const struct kbuild_spec *spec, const struct kbuild_result *result,
			 const struct kbuild_unit *unit, const char *first_dir, char **pre,
			 char **post);

/*
 * Whether the changes leave the text of a function alone that runs at start only, and all that
 * text could mean something else by (macros, types, data, other start-up code): they are in the
 * bodies of functions that are used later, too, whatever the compiler made of these.
 */
struct err *kbuild_only_inlined(const struct kbuild_result *result, const char *function,
				bool *only);

/*
 * Compiles one piece of C as an external module of the target, named name, and leaves the linked
 * module at ko_path.  The same text and name are built once per target and then come from its
 * folder.
 */
struct err *kbuild_module(const struct target *target, const char *name, const char *c_text,
			  const char *ko_path);

#endif
