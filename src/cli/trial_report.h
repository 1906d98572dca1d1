/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How cmd_test.c tells its result. */
#ifndef SUTURE_CLI_TRIAL_REPORT_H
#define SUTURE_CLI_TRIAL_REPORT_H

#include "cli/cli.h"
#include "vm/vm.h"

/* With one module, its fields are those of the object; `modules` lists all in any case. */
json_t *trial_report_json(const struct vm_result *result);

/* all: also the log and the output of what passed. */
void trial_report_print(const struct vm_result *result, bool all);

/* JUnit's XML: a test suite a module, a test case a trial, a check, a required function. */
struct err *trial_report_junit(const char *path, const struct vm_result *result);

#endif
