/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes one live patch for the running kernel from all changes in a later version of its source.
 * The changes are divided into units; the patch contains each unit that can be live-patched.
 */
#ifndef SUTURE_COVER_COVER_H
#define SUTURE_COVER_COVER_H

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "finding/cover_state.h"
#include "finding/finding.h"
#include "klp/klp.h"
#include "target/source.h"

struct cover_spec {
	const struct target *target;	    /* the kernel to patch */
	const struct target_source *source; /* the later source */
	const char *name;		    /* name of the module; NULL: made from the version */
	const char *out_dir;		    /* folder for the module; NULL: write nothing */
	const char *series; /* file with the commits of source, see patch/series.h; or NULL */
	const char *fixes;  /* file with security fixes, see fix_list.h; or NULL */
	const struct str_vec *modules; /* a machine's, see loadable.h: judge for it; or NULL */
	const char *const *added;      /* patches that take the place of units, see added.h */
	size_t nr_added;
	bool by_file;  /* carry all changes of a file, or none */
	unsigned jobs; /* 0: one for each processor */
	enum sandbox_kind sandbox;
};

enum cover_verdict {
	/* Every change in files of this kernel, or of the machine's part of it, is carried or
	 * changes no code. */
	COVER_EQUIVALENT,
	COVER_PARTIAL, /* some units are carried */
	COVER_NOTHING  /* something changes, but no unit can be carried */
};

/* Returns "equivalent", "partial" or "nothing". */
const char *cover_verdict_name(enum cover_verdict verdict);

/* Changes that depend on each other: the patch contains all of them or none. */
struct cover_unit {
	char *name; /* "fs/pipe.c: pipe_read" */
	enum cover_state state;
	struct str_vec files;
	struct str_vec functions;   /* functions whose source changes */
	size_t nr_built;	    /* how many of the functions are in files of this kernel */
	struct finding_vec reasons; /* why the unit is refused; empty in other states */
	struct str_vec needs; /* changes of other units that it needs, and that are left out */
	struct str_vec cves;  /* ids of the fixes that change one of its atoms */
	bool replaced;	      /* patches in cover_spec.added take its place; its state is patched */
	bool elsewhere;	      /* cover_spec.modules lacks all modules that contain its files */
};

struct cover_unit_vec VEC(struct cover_unit);

/* Returns whether the unit changes code of this kernel, and the module does not contain it. */
bool cover_unit_is_open(const struct cover_unit *unit);

/* In the order in which the fixes of one CVE id decide on its state: the last one counts. */
enum cover_fix_state {
	COVER_FIX_ABSENT,    /* it is not among the changes between the two versions */
	COVER_FIX_NOT_BUILT, /* this kernel contains none of its files */
	COVER_FIX_NO_CODE,   /* it changes no code of this kernel */
	COVER_FIX_CARRIED,   /* the module contains all of it */
	COVER_FIX_OPEN	     /* a unit that may belong to it is left out */
};

/* Returns the state in lower case with hyphens, such as "not-built". */
const char *cover_fix_state_name(enum cover_fix_state state);

struct cover_unit_numbers VEC(size_t); /* indexes in cover_report.units */

/* A security fix from the list in cover_spec.fixes. */
struct cover_fix {
	char *version; /* of the kernel that first contains it, as the list has it: "6.1.171" or
			  "171" */
	char *cve, *commit; /* commit may be NULL */
	struct str_vec files;
	enum cover_fix_state state;
	struct cover_unit_numbers open; /* units that keep it open */
};

struct cover_fix_vec VEC(struct cover_fix);

void cover_fixes_free(struct cover_fix_vec *fixes);

/* A commit of cover_spec.series. Its state is that of the changes that its lines are part of. */
struct cover_commit {
	char *id; /* git's; NULL if the series does not tell it */
	char *name;
	enum cover_fix_state state;
	struct cover_unit_numbers open; /* units that keep it open */
};

struct cover_commit_vec VEC(struct cover_commit);

struct cover_totals {
	size_t files;			 /* files that differ */
	size_t units[COVER_NO_CODE + 1]; /* number of units in each state */
	size_t functions_changed; /* functions in files of this kernel whose source changes */
	size_t functions_patched; /* functions_changed that are in patched units */
	size_t rounds;		  /* builds, each without what the one before refused */
	size_t cves[COVER_FIX_OPEN + 1];    /* number of CVE ids in each state */
	size_t commits[COVER_FIX_OPEN + 1]; /* number of the series' commits in each state */
};

struct cover_report {
	char *name, *module; /* module: path of the file, or NULL if none was written */
	char *from, *to;     /* versions of the source packages */
	enum cover_verdict verdict;
	bool for_machine; /* the verdict holds for a machine with cover_spec.modules */
	struct cover_unit_vec units;
	struct cover_fix_vec fixes;	 /* in the order of the list; empty without a list */
	struct cover_commit_vec commits; /* in the order of the series; empty without one */
	struct cover_totals totals;
	struct klp_report *build; /* the last build; NULL if no unit was left to build */
	double seconds;
	struct json_t *kept; /* what an earlier run kept, which holds the names of rules; or NULL */
};

/*
 * Divides, builds and judges all changes. A change that cannot be live-patched is a unit in the
 * report, not an error. The caller frees the report.
 */
struct err *cover_run(const struct cover_spec *spec, struct progress *progress,
		      struct cover_report **report);

struct cover_unit_list VEC(const struct cover_unit *);

/*
 * Lists the units that are left out, the most important first: those with the most CVE ids, then
 * those of the machine, then those with the most functions. vec_free() frees the list.
 */
void cover_open_units(const struct cover_report *report, struct cover_unit_list *units);

void cover_report_free(struct cover_report *report);
void cover_report_freep(struct cover_report **reportp);
#define scope_cover_report __attribute__((cleanup(cover_report_freep))) struct cover_report *

#endif
