/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading live patches: the checks, the kernel, the transition, the health watch. */
#ifndef SUTURE_LIVE_LOAD_H
#define SUTURE_LIVE_LOAD_H

#include "base/progress.h"
#include "base/root.h"
#include "finding/finding.h"
#include "live/outcome.h"

#define LIVE_TIMEOUT_MS 60000
#define LIVE_WATCH_MS 30000

struct live_load_spec {
	const char *const *modules; /* files, loaded in this order */
	size_t nr_modules;
	unsigned timeout_ms; /* after that a transition is rolled back; 0: the default */
	int wait_ms;	     /* leave a transition running after so long; -1: never */
	unsigned watch_ms;   /* how long to watch the machine's health; 0: not at all */
	bool dry_run;	     /* only check */
	bool installed;	     /* instead of `modules`, what is installed for the running kernel */
	int lock;	     /* of live_lock(), for LIVE_TURN_ALONE; 0: none is held */
};

/*
 * Checks everything first, and loads nothing if any check refuses; the findings say so.  Stops
 * at the first module that does not end as LIVE_END_DONE or _GOING_ON; those before it stay.
 * Then the machine's health is watched, unless a transition was left running; a problem rolls
 * back all patches that were loaded, and blocks them.  Other commands may unload patches
 * meanwhile, which ends the watch of those.  Needs the command lock: live_lock().
 */
struct err *live_load(const struct root *root, const struct live_load_spec *spec,
		      struct progress *progress, struct finding_vec *findings,
		      struct live_outcome_vec *outcomes);

#endif
