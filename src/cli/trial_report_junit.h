/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the results of trials as JUnit's XML. */
#ifndef SUTURE_CLI_TRIAL_REPORT_JUNIT_H
#define SUTURE_CLI_TRIAL_REPORT_JUNIT_H

#include "cli/cli.h"
#include "vm/vm.h"

/* Writes JUnit's XML: a test suite for each module, a test case for each trial and check. */
struct err *trial_report_junit(const char *path, const struct vm_result *result);

#endif
