/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that a later version of a kernel changes, as one live patch for the version that runs: cut
 * into units, of which those are carried that can be.
 */
#ifndef SUTURE_COVER_COVER_H
#define SUTURE_COVER_COVER_H

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "finding/finding.h"
#include "klp/klp.h"
#include "target/source.h"

struct cover_spec {
	const struct target *target;	    /* the kernel that is patched */
	const struct target_source *source; /* what it is to become */
	const char *name;		    /* of the module; NULL: after the version */
	const char *out_dir;		    /* NULL: nothing is written */
	bool by_file;  /* a file's changes are carried together or not at all */
	unsigned jobs; /* 0: as many as processors */
	enum sandbox_kind sandbox;
};

enum cover_verdict {
	COVER_EQUIVALENT, /* all that changes in this kernel is carried, or changes no code */
	COVER_PARTIAL,
	COVER_NOTHING /* nothing could be carried, though something changes */
};

/* "equivalent", "partial", "nothing" */
const char *cover_verdict_name(enum cover_verdict verdict);

enum cover_state {
	COVER_PATCHED,
	COVER_REFUSED,	    /* a part of it cannot be live-patched: reasons */
	COVER_DROPPED_WITH, /* left out since what it needs is */
	COVER_NOT_BUILT,    /* this kernel has none of its files */
	COVER_NO_CODE	    /* it changes no code of this kernel */
};

/* "patched", … */
const char *cover_state_name(enum cover_state state);

/* What belongs together. */
struct cover_unit {
	char *name; /* "fs/pipe.c: pipe_read" */
	enum cover_state state;
	struct str_vec files;
	struct str_vec functions;   /* changed in the source */
	size_t nr_built;	    /* of functions, in files that this kernel contains */
	struct finding_vec reasons; /* REFUSED: why */
};

struct cover_unit_vec VEC(struct cover_unit);

struct cover_totals {
	size_t files; /* that differ */
	size_t units[COVER_NO_CODE + 1];
	size_t functions_changed; /* in the source, of units that this kernel contains */
	size_t functions_patched;
	size_t rounds; /* of building and leaving out */
};

struct cover_report {
	char *name, *module; /* module: the file written, or NULL */
	char *from, *to;     /* versions */
	enum cover_verdict verdict;
	struct cover_unit_vec units;
	struct cover_totals totals;
	struct klp_report *build; /* the last one; NULL when nothing was left to be built */
	double seconds;
};

/* What cannot be carried is a unit with that state, not an error. */
struct err *cover_run(const struct cover_spec *spec, struct progress *progress,
		      struct cover_report **report);

void cover_report_free(struct cover_report *report);
void cover_report_freep(struct cover_report **reportp);
#define scope_cover_report __attribute__((cleanup(cover_report_freep))) struct cover_report *

#endif
