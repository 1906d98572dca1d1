/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follows a load: the health watch, and the rollback when it finds a problem. */
#ifndef SUTURE_LIVE_WATCH_H
#define SUTURE_LIVE_WATCH_H

#include "live/klog.h"
#include "live/load.h"
#include "live/module.h"

struct live_watching {
	const struct root *root;
	const struct live_load_spec *spec;
	const struct live_module_vec *modules;
	struct live_klog *klog; /* opened before anything was loaded */
	long taint;		/* read before anything was loaded */
	struct progress *progress;
	struct finding_vec *findings;
};

/* Watches what was loaded; a problem rolls it back and blocks it, as the outcomes then say. */
struct err *live_watch_over(const struct live_watching *watching,
			    struct live_outcome_vec *outcomes);

#endif
