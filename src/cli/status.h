/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that `suture status` tells of; what could not be read is a finding, and the rest is told. */
#ifndef SUTURE_CLI_STATUS_H
#define SUTURE_CLI_STATUS_H

#include "live/live.h"

struct status {
	struct live_machine *machine;
	struct live_patches *patches;
	struct live_tasks tasks; /* of the one transition that there can be */
	struct live_watch *watch;
	struct live_finding_vec findings;

	/* What the next boot of this kernel would do, and what is held back. */
	struct live_installed_vec installed;
	bool installed_known;
	struct live_held_vec held;
	bool held_known;
	enum live_boot boot;
	char *obstacle; /* why what is installed would not be loaded; or NULL */
};

/* prometheus.c: a file for node_exporter's textfile collector, whole or not at all. */
struct err *prometheus_write(const char *path, const struct status *status);

#endif
