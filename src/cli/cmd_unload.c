/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture unload`: disables live patches and removes their modules. */
#include <stdio.h>
#include <stdlib.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "cli/live_output.h"

static struct err *unload_check_usage(const struct cli_args *args)
{
	bool all = cli_option(args, "all");

	if (all == (args->argc > 0))
		return err_code_new(ERR_USAGE,
				    all ? "--all takes no NAME"
					: "give the NAMEs of patches to unload, or --all");
	return NULL;
}

static struct err *unload_collect_names(const struct root *root, const struct cli_args *args,
					struct str_vec *names)
{
	scope_live_patches patches = NULL;

	err_try(cli_names_given(args, names));
	if (args->argc)
		return NULL;
	err_try(live_patches_read(root, &patches));
	for (size_t i = patches->list.len; i-- > 0;) /* the top of the stack comes first */
		vec_push(names, xstrdup(patches->list.data[i].name));
	return NULL;
}

/* Says what runs now that the patch does not. */
static void unload_print_done(const struct live_outcome *outcome)
{
	scope_free char *time = cli_seconds(outcome->seconds);
	scope_free char *instead = names_join(&outcome->instead, NAMES_SHOWN);
	scope_free char *rest =
		outcome->nr_instead < outcome->nr_functions
			? xasprintf(" for %zu of its %zu functions, else the original",
				    outcome->nr_instead, outcome->nr_functions)
			: xstrdup("");
	const char *what = outcome->note ? "disabled" : "unloaded";

	if (outcome->runs == LIVE_RUNS_AS_BEFORE)
		cli_print("%s: %s after %s; it was not in use, and what runs is as before",
			  outcome->name, what, time);
	else if (outcome->runs == LIVE_RUNS_UNKNOWN)
		cli_print("%s: %s after %s; 'suture status' shows what runs in its place",
			  outcome->name, what, time);
	else if (!*instead)
		cli_print("%s: %s after %s, the original code runs", outcome->name, what, time);
	else
		cli_print("%s: %s after %s, and in its place the code of %s runs%s", outcome->name,
			  what, time, instead, rest);
}

static void unload_print_outcome(const struct live_outcome *outcome)
{
	if (outcome->unchanged)
		cli_print(
			"%s: no live patch of that name is loaded; 'suture list' shows those that are",
			outcome->name);
	else if (outcome->end == LIVE_END_DONE)
		unload_print_done(outcome);
	else
		cli_print("%s: %s: %s", outcome->name, live_end_name(outcome->end),
			  outcome->why ? outcome->why : "");
	if (outcome->note)
		cli_print("    %s", outcome->note);
	cli_print_tasks(&outcome->blocking);
}

static struct err *unload_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_str_vec names = {};
	scope_live_outcomes outcomes = {};
	int timeout = LIVE_TIMEOUT_MS, wait = -1;

	err_try(cli_ms(args, "timeout", &timeout));
	err_try(cli_ms(args, "wait", &wait));
	err_try(root_open(NULL, &root));
	err_try(unload_check_usage(args));
	err_try(live_lock(root, LIVE_TURN_CHANGE, cli->progress, &lock));
	err_try(unload_collect_names(
		root, args,
		&names)); /* under the lock, since an earlier command may have changed them */
	err_try(live_unload(root,
			    &(struct live_unload_spec){.names = &names,
						       .timeout_ms = timeout ? timeout : 1,
						       .wait_ms = wait},
			    cli->progress, &outcomes));
	*status = cli_outcomes_status(&outcomes);
	if (cli->json)
		return cli_json(cli, json_pack("{s:s, s:b, s:o}", "result",
					       *status ? "failed" : "unloaded", "changed",
					       cli_outcomes_changed(&outcomes), "modules",
					       cli_json_outcomes(&outcomes)));
	vec_foreach(&outcomes, it)
		unload_print_outcome(it);
	if (!outcomes.len)
		cli_printf("no live patch is loaded\n");
	if (cli_outcomes_changed(&outcomes))
		cli_hint(
			cli,
			"what is installed is loaded again at the next boot, unless 'suture uninstall %s' removes it",
			outcomes.data[0].name);
	return NULL;
}

static const struct cli_option unload_options[] = {
	{"all", 'a', NULL, "unload all live patches, the last one loaded first"},
	{"timeout", 't', "SECONDS",
	 "enable the patch again if a task has not switched back by then (default: 60)"},
	{"wait", 'w', "SECONDS",
	 "leave the transition running after that time instead; 0: return at once"},
	{},
};

const struct command cmd_unload = {
	.name = "unload",
	.summary = "disable live patches and remove their modules",
	.args = "[options] NAME...",
	.max_args = -1,
	.changes = true,
	.options = unload_options,
	.help = "Unloads any live patch, whoever made it.  A patch whose transition is in progress\n"
		"is rolled back.  A patch stays enabled if some task does not leave its code in\n"
		"time; that task is named (exit code 1).\n",
	.example = "suture unload livepatch_fix",
	.run = unload_run,
};
