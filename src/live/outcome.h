/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines how loading or unloading one patch can end. */
#ifndef SUTURE_LIVE_OUTCOME_H
#define SUTURE_LIVE_OUTCOME_H

#include <stdbool.h>

#include "base/vec.h"
#include "live/tasks.h"

enum live_end {
	LIVE_END_DONE,	     /* every task has switched */
	LIVE_END_GOING_ON,   /* the transition was left running in the background */
	LIVE_END_REVERSED,   /* it did not finish in time and was rolled back */
	LIVE_END_FAILED,     /* the kernel rejected it, or somebody else has unloaded it */
	LIVE_END_STUCK,	     /* rolling back did not finish either: tasks run old and new code */
	LIVE_END_ROLLED_BACK /* the health watch found a problem: rolled back, and blocked */
};

/* Returns the name of the value, such as "done". */
const char *live_end_name(enum live_end end);

/* What is known of the code that runs once a patch is unloaded. */
enum live_runs {
	LIVE_RUNS_UNKNOWN,
	LIVE_RUNS_FOUND,     /* the original code, but for functions of other patches */
	LIVE_RUNS_AS_BEFORE, /* the patch was replaced or disabled before, and its code not called
			      */
};

struct live_outcome {
	char *name;
	char *path; /* the module's file; NULL if the patch was unloaded */
	enum live_end end;
	bool unchanged;			   /* it was so before: nothing was loaded or unloaded */
	char *why;			   /* why it did not end as LIVE_END_DONE, or NULL */
	double seconds;			   /* how long it took until every task had switched */
	struct live_task_vec blocking;	   /* tasks that had not switched in the end */
	struct str_vec kernel_log;	   /* the lines that the kernel logged meanwhile */
	struct str_vec replaced, unloaded; /* patches that it replaced; modules removed */
	struct str_vec cves;		   /* if loaded: the CVE ids that it fixes */
	struct str_vec over;		   /* if loaded: "f: the BPF program a (fmod_ret)", ... */
	/* ... for each function in whose place something else may run */
	enum live_runs runs;		 /* if unloaded: what is known of the code that runs now */
	struct str_vec instead;		 /* patches whose code runs in its place, ... */
	size_t nr_instead, nr_functions; /* ... for so many of its functions */
	char *note;			 /* further information if all went well, or NULL */
};

struct live_outcome_vec VEC(struct live_outcome);

/* Returns whether this command has changed something: the patch may have been so before. */
bool live_outcome_changed(const struct live_outcome *outcome);

/* Returns whether this command has loaded or unloaded the patch, and that has ended. */
bool live_outcome_is_new(const struct live_outcome *outcome);

void live_outcomes_free(struct live_outcome_vec *outcomes);

/*
 * Says of `wanted` patches, of which those of the outcomes were tried, what systemd shows as the
 * status of their service; NULL if none was loaded; free().
 */
char *live_outcomes_status(const struct live_outcome_vec *outcomes, size_t wanted, bool watched);

#define scope_live_outcomes __attribute__((cleanup(live_outcomes_free))) struct live_outcome_vec

#endif
