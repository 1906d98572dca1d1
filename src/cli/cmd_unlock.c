/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture unlock`: unblocks live patches that were blocked after a failure. */
#include <stdio.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "cli/live_output.h"
#include "live/live.h"

/* Says that a patch is not blocked, and which blocked one may be meant. */
static void unlock_print_unknown(const struct root *root, const char *name)
{
	struct nearest nearest = NEAREST_INIT(name);
	scope_live_blocks blocks = {};
	scope_free char *hint = NULL;

	err_free(live_blocks_read(root, &blocks));
	vec_foreach(&blocks, it)
		nearest_offer(&nearest, it->name);
	hint = nearest_hint(&nearest, "'suture status' shows which patches are");
	cli_print("%s is not blocked; %s", name, hint);
}

static struct err *unlock_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_str_vec names = {}, released = {};

	(void)status;
	if (!cli_option(args, "all") == !args->argc)
		return err_code_new(ERR_USAGE, "give the NAMEs of patches to unlock, or --all");
	err_try(cli_root(args, &root));
	err_try(cli_names_given(args, &names));
	err_try(live_lock(root, LIVE_TURN_ALONE, cli->progress, &lock));
	if (!args->argc)
		err_try(live_unlock(root, NULL, &released));
	vec_foreach(&names, it) {
		size_t before = released.len;

		err_try(live_unlock(root, *it, &released));
		if (released.len == before && !cli->json)
			unlock_print_unknown(root, *it);
	}
	if (cli->json)
		return cli_json(cli, json_pack("{s:b, s:o}", "changed", released.len > 0,
					       "released", printables_json(&released)));
	vec_foreach(&released, it)
		cli_print("%s is no longer blocked", *it);
	if (!released.len && !args->argc)
		cli_printf("no live patch is blocked\n");
	return NULL;
}

static const struct cli_option unlock_options[] = {
	{"all", 'a', NULL, "unlock all blocked patches"},
	{"root", 0, "DIR", "unlock on the system below this folder"},
	{},
};

const struct command cmd_unlock = {
	.name = "unlock",
	.summary = "allow blocked live patches to load again",
	.args = "[options] NAME...",
	.max_args = -1,
	.changes = true,
	.options = unlock_options,
	.help = "A patch is blocked after a health check failed with it, or after the machine went\n"
		"down within a minute of loading it: 'suture status' shows which, and why.\n",
	.example = "suture unlock livepatch_fix",
	.run = unlock_run,
};
