/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How `suture auto` shows state and history (auto_views.c), and its metrics. */
#ifndef SUTURE_CLI_AUTO_VIEWS_H
#define SUTURE_CLI_AUTO_VIEWS_H

#include "auto/auto.h"
#include "cli/cli.h"

/* Prints one screen: what runs, what is effective, what is next and when, what it waits for. */
void cli_auto_view_status(const struct auto_report *report, const struct auto_outcome *outcome);

/* Prints the entries of the history, one line each, the oldest first. */
void cli_auto_view_history(const json_t *entries);

/* Writes metrics for node_exporter's textfile collector, as metrics_write() does. */
struct err *cli_auto_view_metrics(const struct cli *cli, const char *path,
				  const struct auto_report *report);

#endif
