/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches the machine's health after a load, and rolls patches back if there is a problem. */
#ifndef SUTURE_LIVE_WATCH_H
#define SUTURE_LIVE_WATCH_H

#include "live/klog.h"
#include "live/load.h"
#include "live/module.h"

struct live_watching {
	const struct root *root;
	const struct live_load_spec *spec;
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
