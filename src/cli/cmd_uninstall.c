/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture uninstall`: stops loading live patches at boot. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/live_common.h"

static struct err *uninstall_named(const struct root *root, const struct cli_args *args,
				   const char *release, struct str_vec *removed)
{
	scope_str_vec names = {};

	for (int i = 0; i < args->argc; i++)
		vec_push(&names, live_name_of(args->argv[i]));
	return live_uninstall(root, release, args->argc ? &names : NULL, removed);
}

static struct err *uninstall_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_str_vec removed = {};
	scope_live_machine machine = NULL;
	const char *release = cli_option(args, "kernel");

	(void)status;
	if (!cli_option(args, "all") == !args->argc)
		return err_code_new(ERR_USAGE, "give the NAMEs of patches to uninstall, or --all");
	err_try(cli_root(args, &root));
	if (!release) {
		err_try(live_machine_read(root, &machine));
		release = machine->release;
	}
	err_try(live_lock(root, LIVE_TURN_CHANGE, cli->progress, &lock));
	err_try(uninstall_named(root, args, release, &removed));
	if (cli->json)
		return cli_json(cli, json_pack("{s:s, s:o}", "kernel", release, "removed",
					       printables_json(&removed)));
	vec_foreach(&removed, it)
		cli_print("%s is no longer loaded at boot of kernel %s", *it, release);
	if (!removed.len)
		cli_printf("nothing was installed for kernel %s\n", release);
	return NULL;
}

static const struct cli_option uninstall_options[] = {
	{"kernel", 'k', "REL", "uninstall for this kernel release (default: the running one)"},
	{"all", 'a', NULL, "uninstall all patches of the release"},
	{"root", 0, "DIR", "uninstall from the system below this folder"},
	{},
};

const struct command cmd_uninstall = {
	.name = "uninstall",
	.summary = "stop loading live patches at boot",
	.args = "[options] NAME...",
	.max_args = -1,
	.changes = true,
	.options = uninstall_options,
	.help = "Patches that are loaded stay loaded: use 'suture unload' for that.\n",
	.example = "suture uninstall livepatch_fix",
	.run = uninstall_run,
};
