/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the sandbox of a build. */
#include "cli/sandbox_choice.h"

#include <stdlib.h>

#include "base/alloc.h"

struct err *cli_choose_sandbox(const struct cli_args *args, enum sandbox_kind *kind)
{
	scope_free char *why = NULL;

	*kind = SANDBOX_NONE;
	if (cli_option(args, "no-sandbox"))
		return NULL;
	*kind = sandbox_best(&why);
	if (*kind != SANDBOX_NONE)
		return NULL;
	return err_new(
		"no sandbox works on this machine, so a hostile patch could run code while it is built (%s); --no-sandbox builds without one",
		why);
}
