/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/live_common.h"

static struct err *uninstall(const struct root *root, const struct cli_args *args,
			     const char *release, struct str_vec *removed)
{
	scope_str_vec names = {};

	for (int i = 0; i < args->argc; i++)
		vec_push(&names, live_name_of(args->argv[i]));
	return live_uninstall(root, release, args->argc ? &names : NULL, removed);
}

static struct err *run_uninstall(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_str_vec removed = {};
	scope_live_machine machine = NULL;
	const char *release = cli_option(args, "kernel");

	(void)status;
	if (!cli_option(args, "all") == !args->argc)
		return err_code_new(ERR_USAGE, "name the patches to uninstall, or say --all");
	err_try(cli_root(args, &root));
	if (!release) {
		err_try(live_machine_read(root, &machine));
		release = machine->release;
	}
	err_try(live_lock(root, LIVE_TURN_CHANGE, cli->progress, &lock));
	err_try(uninstall(root, args, release, &removed));
	if (cli->json)
		return cli_json(cli, json_pack("{s:s, s:o}", "kernel", release, "removed",
					       printables_json(&removed)));
	vec_foreach(&removed, it)
		cli_print("%s: is no longer loaded at boot of kernel %s", *it, release);
	if (!removed.len)
		printf("nothing was installed for kernel %s\n", release);
	return NULL;
}

static const struct cli_option options[] = {
	{"kernel", 'k', "REL", "of this kernel release (default: the running one)"},
	{"all", 'a', NULL, "all that is installed for the release"},
	{"root", 0, "DIR", "of the system below this folder"},
	{},
};

const struct command cmd_uninstall = {
	.name = "uninstall",
	.summary = "no longer load live patches at boot",
	.args = "[options] NAME...",
	.max_args = -1,
	.options = options,
	.help = "What is loaded now stays: 'suture unload' is for that.\n",
	.example = "suture uninstall livepatch_fix",
	.run = run_uninstall,
};
