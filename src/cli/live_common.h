/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options, JSON and text that the commands on the running kernel share. */
#ifndef SUTURE_CLI_LIVE_COMMON_H
#define SUTURE_CLI_LIVE_COMMON_H

#include "base/strbuf.h"
#include "cli/cli.h"
#include "finding/finding.h"
#include "live/live.h"

/*
 * Reads the value of an option in seconds, from 0 to a day, as milliseconds; leaves it unchanged if
 * the option was not given.
 */
struct err *cli_ms(const struct cli_args *args, const char *name, int *ms);

/* Opens the folder of --root, or the machine itself. */
struct err *cli_root(const struct cli_args *args, struct root **root);

json_t *live_json_tasks(const struct live_task_vec *tasks);
json_t *live_json_outcomes(const struct live_outcome_vec *outcomes);
json_t *live_json_patch(const struct live_patch *patch);

/* Adds a warning for each record of a load that cannot be read. */
void live_warn_damage(const struct live_patches *patches, struct finding_vec *findings);

/* Prints findings on stderr, notes only if verbosity is above 0. */
void live_print_findings(const struct finding_vec *findings, int verbosity);

void live_print_tasks(const struct live_task_vec *tasks);

/* Returns whether any outcome changed what is loaded. */
bool live_changed(const struct live_outcome_vec *outcomes);

/*
 * Writes metrics to the file of --prometheus, whole or not at all, or to standard output for "-".
 * Says so if node_exporter would not read a file of that name.
 */
struct err *cli_write_metrics(const struct cli *cli, const char *path, const struct strbuf *text);

/* Returns the exit code: 0, or 1 if any outcome is a failure. */
int live_status_of(const struct live_outcome_vec *outcomes);

#endif
