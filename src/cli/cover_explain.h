/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells why a unit of an earlier `suture cover` was left out, and what would have to change. */
#ifndef SUTURE_CLI_COVER_EXPLAIN_H
#define SUTURE_CLI_COVER_EXPLAIN_H

#include "cli/cli.h"

/*
 * Prints each unit whose name contains the text, or that has a file, function or CVE id of that
 * name, from the list NAME.cover.json in the folder. If module is NULL, the folder must have one
 * such list. It is an error if no unit is found.
 */
struct err *cli_cover_explain(const struct cli *cli, const char *folder, const char *module,
			      const char *text);

#endif
