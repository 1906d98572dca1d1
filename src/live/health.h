/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches the machine's health after loading: the kernel's log, its taint flags, probes. */
#ifndef SUTURE_LIVE_HEALTH_H
#define SUTURE_LIVE_HEALTH_H

#include "base/progress.h"
#include "finding/finding.h"
#include "live/klog.h"

struct live_health {
	const struct root *root;
	unsigned watch_ms;
	struct live_klog *klog;
	long taint;		     /* the kernel's taint flags before anything was loaded */
	const struct str_vec *names; /* the names of the patches */
	struct progress *progress;
};

/* Checks that the probes of /etc/suture/health.d can be trusted, and that they pass now. */
struct err *live_health_check(const struct root *root, struct finding_vec *findings);

/*
 * Watches for watch_ms, or until none of the patches is enabled; appends to gone those that are
 * not. *why is the problem that was found, or NULL.  An interrupt is an error.
 */
struct err *live_health_watch(const struct live_health *health, struct str_vec *gone, char **why);

/*
 * Returns the kernel's taint flags (Documentation/admin-guide/tainted-kernels.rst); 0 if they
 * cannot be read.
 */
long live_taint(const struct root *root);

#endif
