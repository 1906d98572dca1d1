/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads live patches: the checks, the system call, the transition, the health watch. */
#ifndef SUTURE_LIVE_LOAD_H
#define SUTURE_LIVE_LOAD_H

#include "base/progress.h"
#include "base/root.h"
#include "finding/finding.h"
#include "live/outcome.h"

#define LIVE_WATCH_MS 30000

struct live_load_spec {
	const char *const *modules; /* module files, loaded in this order */
	size_t nr_modules;
	unsigned timeout_ms; /* roll a transition back after this time; 0: the default */
	int wait_ms;	     /* leave a transition running after this time; -1: never */
	unsigned watch_ms;   /* how long to watch the machine's health; 0: not at all */
	bool dry_run;	     /* make the checks, and load nothing */
	bool installed;	     /* load what is installed for the running kernel, not `modules` */
	int lock;	     /* from live_lock() with LIVE_TURN_ALONE; 0 if none is held */
};

/*
 * Loads live patches.  Makes all checks first, and loads nothing if the findings refuse that. Stops
 * at the first module that does not end as LIVE_END_DONE or LIVE_END_GOING_ON; those before it stay
 * loaded.  Then watches the machine's health, unless a transition was left running; if there is a
 * problem, rolls back and blocks all patches that were loaded.  Other commands may unload patches
 * meanwhile, which ends the watch of these.  Needs the command lock: live_lock().
 */
struct err *live_load(const struct root *root, const struct live_load_spec *spec,
		      struct progress *progress, struct finding_vec *findings,
		      struct live_outcome_vec *outcomes);

#endif
