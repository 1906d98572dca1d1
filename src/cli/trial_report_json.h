/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the results of trials as JSON. */
#ifndef SUTURE_CLI_TRIAL_REPORT_JSON_H
#define SUTURE_CLI_TRIAL_REPORT_JSON_H

#include "cli/cli.h"
#include "vm/vm.h"

/*
 * Returns the result; with one module, its fields are also those of the object. `modules` always
 * lists all.
 */
json_t *trial_report_json(const struct vm_result *result);

#endif
