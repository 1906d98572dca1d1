/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine's health after loading: the kernel's log, its taint flags, probes. */
#ifndef SUTURE_LIVE_HEALTH_H
#define SUTURE_LIVE_HEALTH_H

#include "base/progress.h"
#include "finding/finding.h"
#include "live/klog.h"

struct live_health {
	const struct root *root;
	unsigned watch_ms;
	struct live_klog *klog;
	long taint;		     /* of the kernel before anything was loaded */
	const struct str_vec *names; /* of the patches */
	struct progress *progress;
};

/* Checks that the probes of /etc/suture/health.d can be trusted, and that they pass now. */
struct err *live_health_check(const struct root *root, struct finding_vec *findings);

/*
 * Watches for watch_ms, or until none of the patches is enabled any more; gone are those that are
 * not.  *why is the problem that was found, or NULL.  An interrupt ends it as an error.
 */
struct err *live_health_watch(const struct live_health *health, struct str_vec *gone, char **why);

/* The kernel's taint flags: Documentation/admin-guide/tainted-kernels.rst.  0: unknown. */
long live_taint(const struct root *root);

#endif
