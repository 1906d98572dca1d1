/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forms in which cmd_test.c reports the results of trials. */
#ifndef SUTURE_CLI_TRIAL_REPORT_H
#define SUTURE_CLI_TRIAL_REPORT_H

#include "cli/cli.h"
#include "vm/vm.h"

/*
 * Returns the result; with one module, its fields are also those of the object. `modules` always
 * lists all.
 */
json_t *trial_report_json(const struct vm_result *result);

/* Prints the result for people; all adds the log and the output of modules that passed. */
void trial_report_print(const struct vm_result *result, bool all);

/* Writes JUnit's XML: a test suite for each module, a test case for each trial and check. */
struct err *trial_report_junit(const char *path, const struct vm_result *result);

#endif
