/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/live_common.h"

static struct err *run_unlock(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_str_vec released = {};

	(void)status;
	if (!cli_option(args, "all") == !args->argc)
		return err_code_new(ERR_USAGE, "name the patches to unlock, or say --all");
	err_try(cli_root(args, &root));
	err_try(live_lock(root, LIVE_TURN_ALONE, cli->progress, &lock));
	if (!args->argc)
		err_try(live_unlock(root, NULL, &released));
	for (int i = 0; i < args->argc; i++)
		err_try(live_unlock(root, args->argv[i], &released));
	if (cli->json)
		return cli_json(cli, json_pack("{s:o}", "released", printables_json(&released)));
	vec_foreach(&released, it)
		cli_print("%s: no longer held back", *it);
	if (!released.len)
		printf("nothing is held back\n");
	return NULL;
}

static const struct cli_option options[] = {
	{"all", 'a', NULL, "all that are held back"},
	{"root", 0, "DIR", "of the system below this folder"},
	{},
};

const struct command cmd_unlock = {
	.name = "unlock",
	.summary = "let in live patches that were held back",
	.args = "[options] NAME...",
	.max_args = -1,
	.options = options,
	.help = "A patch is held back after the machine was not well with it, or went down within a\n"
		"minute of loading it: 'suture status' tells which, and why.\n",
	.example = "suture unlock livepatch_fix",
	.run = run_unlock,
};
