/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON and text that the commands on the running kernel share, and their exit code. */
#ifndef SUTURE_CLI_LIVE_OUTPUT_H
#define SUTURE_CLI_LIVE_OUTPUT_H

#include "cli/cli.h"
#include "finding/finding.h"
#include "live/live.h"

json_t *cli_json_tasks(const struct live_task_vec *tasks);
json_t *cli_json_outcomes(const struct live_outcome_vec *outcomes);
json_t *cli_json_patch(const struct live_patch *patch);

/* Adds the names of the live patches that the arguments mean, names or files. */
struct err *cli_names_given(const struct cli_args *args, struct str_vec *names);

/* Adds a warning for each record of a load that cannot be read. */
void cli_warn_damage(const struct live_patches *patches, struct finding_vec *findings);

/* Prints findings on stderr, notes only if verbosity is above 0. */
void cli_print_findings(const struct finding_vec *findings, int verbosity);

void cli_print_tasks(const struct live_task_vec *tasks);

/* Returns whether any outcome changed what is loaded. */
bool cli_outcomes_changed(const struct live_outcome_vec *outcomes);

/* Returns the exit code: 0, or 1 if any outcome is a failure. */
int cli_outcomes_status(const struct live_outcome_vec *outcomes);

#endif
