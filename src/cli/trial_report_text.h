/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the results of trials to people. */
#ifndef SUTURE_CLI_TRIAL_REPORT_TEXT_H
#define SUTURE_CLI_TRIAL_REPORT_TEXT_H

#include "cli/cli.h"
#include "vm/vm.h"

/* Prints the result for people; all adds the log and the output of modules that passed. */
void trial_report_print(const struct vm_result *result, bool all);

#endif
