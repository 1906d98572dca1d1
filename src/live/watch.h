/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches the machine's health after a load, and rolls patches back if there is a problem. */
#ifndef SUTURE_LIVE_WATCH_H
#define SUTURE_LIVE_WATCH_H

#include "base/progress.h"
#include "base/root.h"
#include "finding/finding.h"
#include "live/klog.h"
#include "live/module.h"
#include "live/outcome.h"

struct live_watching {
	const struct root *root;
	unsigned watch_ms;    /* how long to watch; 0: not at all */
	unsigned rollback_ms; /* the limit of a rollback */
	int lock;	      /* from live_lock() with LIVE_TURN_ALONE; 0 if none is held */
	const struct live_module_vec *modules;
	struct live_klog *klog; /* the log, opened before anything was loaded */
	long taint;		/* the taint flags before anything was loaded */
	struct progress *progress;
	struct finding_vec *findings;
};

/* Watches the loaded patches; if there is a problem, rolls them back, blocks them, and says so in
 * the outcomes. */
struct err *live_watch_over(const struct live_watching *watching,
			    struct live_outcome_vec *outcomes);

#endif
