/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options that several commands on the running kernel have. */
#ifndef SUTURE_CLI_LIVE_OPTIONS_H
#define SUTURE_CLI_LIVE_OPTIONS_H

#include "base/root.h"
#include "cli/cli.h"

/*
 * Reads the value of an option in seconds, from 0 to a day, as milliseconds; leaves it unchanged if
 * the option was not given.
 */
struct err *cli_ms(const struct cli_args *args, const char *name, int *ms);

/* Opens the folder of --root, or the machine itself. */
struct err *cli_root(const struct cli_args *args, struct root **root);

#endif
