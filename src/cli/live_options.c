/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads options that several commands on the running kernel have. */
#include "cli/live_options.h"

#include <stdlib.h>

#include "base/clock.h"

struct err *cli_ms(const struct cli_args *args, const char *name, int *ms)
{
	const char *text = cli_option(args, name);
	char *end;

	if (!text)
		return NULL;

	long seconds = strtol(text, &end, 10);

	if (end == text || *end || seconds < 0 || seconds > DAY_SECONDS)
		return err_code_new(ERR_USAGE, "--%s: '%s' is not a number of seconds from 0 to %d",
				    name, text, DAY_SECONDS);
	*ms = seconds * 1000;
	return NULL;
}

struct err *cli_root(const struct cli_args *args, struct root **root)
{
	return err_wrap(root_open(cli_option(args, "root"), root), "--root");
}
