/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the result of `suture status` as metrics. */
#ifndef SUTURE_CLI_PROMETHEUS_H
#define SUTURE_CLI_PROMETHEUS_H

#include "cli/status.h"

/* Writes metrics for node_exporter's textfile collector (prometheus.c). */
struct err *prometheus_write(const struct cli *cli, const char *path, const struct status *status);

#endif
