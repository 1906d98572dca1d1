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
#include "reach/altered.h"
#include "reach/generators.h"
#include "reach/new_assembler.h"
#include "reach/only_inlined.h"
#include "reach/tree_files.h"

/* The tree before and after the patch. */
enum side { PRE, POST, NR_SIDES };

struct reach_spec {
	const struct kbuild *kbuild; /* opened by the caller; its target is what is changed */
	const struct change_set *changes;
	const char *tree;	/* the patched source tree */
	const char *query_tree; /* the patched tree as makefiles should see it when they are
				   evaluated */
	const char *work;	/* build folders are created below it, and are not removed */
	/*
	 * If more units than this may use a name in change.names, the name is refused as a lost
	 * change, and the header reaches nothing; 0: no limit.
	 */
	size_t most_users;
	/* What differs from the build before; NULL: no unit is REACH_ALTERED, nothing is known. */
	const struct altered_file_vec *altered;
};

enum reach_reason {
	REACH_SOURCE = 1 << 0,	 /* its source, or a file that this certainly includes, changes */
	REACH_INCLUDE = 1 << 1,	 /* its source may include a file that changes */
	REACH_MAKEFILE = 1 << 2, /* the makefile of its folder changes */
	REACH_ALTERED = 1 << 3	 /* its object may differ from that of the build before */
};

struct reached_unit {
	char *source;				/* "fs/proc/version.c" */
	char *object;				/* "fs/proc/version.o" */
	const struct kbuild_unit *in[NR_SIDES]; /* NULL: that side has no such unit */
	unsigned reasons;			/* bits of enum reach_reason */
	bool moved;	    /* its file had another name before, as the finding says */
	bool only_comments; /* only comments and white space of its source change */
};

struct reached_unit_vec VEC(struct reached_unit);

struct reach_result {
	struct reached_unit_vec reached;
	struct finding_vec findings;  /* on files that contain no code, or whose change is lost */
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
 * Learns in advance what the first reach_find() for a release would have to, which takes seconds.
 * work is a folder for temporary files.
 */
struct err *reach_prepare(const struct kbuild *kbuild, const char *work, struct progress *progress);

#endif
