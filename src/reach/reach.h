/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the changes of a source tree reach: the units whose objects may change, each
 * with the reasons, and findings on the changed files that reach none.
 */
#ifndef SUTURE_REACH_REACH_H
#define SUTURE_REACH_REACH_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "finding/finding.h"
#include "kbuild/kbuild.h"
#include "patch/patch.h"
#include "reach/generators.h"
#include "reach/new_assembler.h"
#include "reach/only_inlined.h"
#include "reach/tree_files.h"

/* The two versions of the tree: as it is, and patched. */
enum side { PRE, POST, NR_SIDES };

struct reach_spec {
	const struct kbuild *kbuild; /* opened; its target is what is changed */
	const struct change_set *changes;
	const char *tree;	/* the patched source tree */
	const char *query_tree; /* the same as makefiles are to see it when they are evaluated */
	const char *work;	/* build folders are created below it, and are not removed */
};

enum reach_reason {
	REACH_SOURCE = 1 << 0,	/* its source, or what that includes for certain, changes */
	REACH_INCLUDE = 1 << 1, /* its source may include a file that changes */
	REACH_MAKEFILE = 1 << 2 /* the makefile of its folder changes */
};

struct reached_unit {
	char *source;				/* "fs/proc/version.c" */
	char *object;				/* "fs/proc/version.o" */
	const struct kbuild_unit *in[NR_SIDES]; /* NULL: no unit of the kernel on that side */
	unsigned reasons;			/* bits of enum reach_reason */
	bool moved;	    /* its file had another name before: the finding says so */
	bool only_comments; /* only comments and white space of its source change */
};

struct reached_unit_vec VEC(struct reached_unit);

struct reach_result {
	struct reached_unit_vec reached;
	struct finding_vec findings;  /* on files that hold no code, or whose change is lost */
	struct str_vec program_files; /* changed files that programs of the build include */
	bool makefiles_change;
	struct kbuild_units units[NR_SIDES]; /* POST is empty unless makefiles_change */
};

/* Lists the units of the release, and finds those that the changes may reach. */
struct err *reach_find(const struct reach_spec *spec, struct progress *progress,
		       struct reach_result **reach);

void reach_result_free(struct reach_result *reach);
void reach_result_freep(struct reach_result **reachp);
#define scope_reach_result __attribute__((cleanup(reach_result_freep))) struct reach_result *

/*
 * Learns about a release what the first reach_find() would else have to: seconds, once.  work is
 * a folder for what is made on the way.
 */
struct err *reach_prepare(const struct kbuild *kbuild, const char *work, struct progress *progress);

#endif
