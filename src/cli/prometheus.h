/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_CLI_PROMETHEUS_H
#define SUTURE_CLI_PROMETHEUS_H

#include "live/live.h"

/* A file for node_exporter's textfile collector, whole or not at all. */
struct err *prometheus_write(const char *path, const struct live_machine *machine,
			     const struct live_patches *patches, const struct live_tasks *tasks,
			     const struct live_installed_vec *installed,
			     const struct live_held_vec *held);

#endif
