/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture load`: loads live patches into the running kernel. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "cli/live_output.h"
#include "finding/json.h"

/* When the machine crashes within this time of loading, the next boot does not load them. */
#define BOOT_WATCH_MS 60000

static void load_print_names(const char *what, const struct str_vec *names)
{
	vec_foreach(names, it)
		cli_print("    %s %s", what, *it);
}

static void load_print_outcome(const struct live_outcome *outcome)
{
	scope_free char *time = cli_seconds(outcome->seconds);

	if (outcome->unchanged)
		cli_print("%s: already loaded", outcome->name);
	else if (outcome->end == LIVE_END_DONE && outcome->over.len)
		cli_print(
			"%s: every task has switched after %s, but something else may run in place of the new code:",
			outcome->name, time);
	else if (outcome->end == LIVE_END_DONE)
		cli_print("%s: every task runs the new code after %s", outcome->name, time);
	else
		cli_print("%s: %s: %s", outcome->name, live_end_name(outcome->end),
			  outcome->why ? outcome->why : "");
	vec_foreach(&outcome->over, it)
		cli_print("    %s", *it);

	scope_free char *cves = names_join(&outcome->cves, NAMES_SHOWN);

	if (*cves)
		cli_print("    fixes %s", cves);
	load_print_names("replaced", &outcome->replaced);
	cli_print_tasks(&outcome->blocking);
}

static struct err *load_answer(const struct cli *cli, const struct live_load_spec *spec,
			       const struct finding_vec *findings,
			       const struct live_outcome_vec *outcomes, int *status)
{
	bool refused = findings_refuse(findings);

	*status = refused ? ERR_REFUSED : cli_outcomes_status(outcomes);
	if (cli->json)
		return cli_json(cli, json_pack("{s:s, s:b, s:o, s:o}", "result",
					       refused	       ? "refused"
					       : *status       ? "failed"
					       : spec->dry_run ? "checked"
					       : outcomes->len ? "loaded"
							       : "nothing",
					       "changed", cli_outcomes_changed(outcomes),
					       "findings", findings_json(findings), "modules",
					       cli_json_outcomes(outcomes)));
	cli_print_findings(findings, cli->verbosity);
	vec_foreach(outcomes, it)
		load_print_outcome(it);
	if (!refused && spec->dry_run)
		cli_printf("all checks passed; nothing was loaded (--dry-run)\n");
	else if (!refused && !outcomes->len && !findings->len)
		cli_printf("nothing is installed for this kernel\n");
	if (cli_outcomes_changed(outcomes) && !spec->installed)
		cli_hint(
			cli,
			"'suture install %s' loads it at each boot, too: what is loaded does not survive a reboot",
			spec->modules[0]);
	return NULL;
}

static struct err *load_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_findings findings = {};
	scope_live_outcomes outcomes = {};
	int timeout = LIVE_TIMEOUT_MS, wait = -1, watch;
	bool installed = cli_option(args, "installed");

	watch = installed ? BOOT_WATCH_MS : LIVE_WATCH_MS;
	err_try(cli_ms(args, "timeout", &timeout));
	err_try(cli_ms(args, "wait", &wait));
	err_try(cli_ms(args, "watch", &watch));
	if (installed == (args->argc > 0))
		return err_code_new(ERR_USAGE, installed ? "--installed takes no MODULE"
							 : "give a MODULE or --installed");
	err_try(root_open(NULL, &root));

	struct live_load_spec spec = {
		.modules = (const char *const *)args->argv,
		.nr_modules = args->argc,
		.timeout_ms = timeout ? timeout : 1,
		.wait_ms = wait,
		.watch_ms = watch,
		.dry_run = cli_option(args, "dry-run"),
		.installed = installed,
	};

	if (!spec.dry_run)
		err_try(live_lock(root, LIVE_TURN_ALONE, cli->progress, &lock));
	spec.lock = lock > 0 ? lock : 0;
	err_try(live_load(root, &spec, cli->progress, &findings, &outcomes));
	return load_answer(cli, &spec, &findings, &outcomes, status);
}

static const struct cli_option load_options[] = {
	{"timeout", 't', "SECONDS", "roll back if any task has not switched by then (default: 60)"},
	{"wait", 'w', "SECONDS",
	 "leave the transition running after that time instead; 0: return at once"},
	{"watch", 0, "SECONDS", "roll back if a health check fails within this time (default: 30)"},
	{"installed", 0, NULL, "load what is installed for this kernel, as at boot"},
	{"dry-run", 0, NULL, "only run the checks"},
	{},
};

const struct command cmd_load = {
	.name = "load",
	.summary = "load live patches into the running kernel, and watch over them",
	.args = "[options] MODULE...",
	.files = FILES_MODULES,
	.max_args = -1,
	.changes = true,
	.options = load_options,
	.help = "All checks run first; if one fails, load reports it and loads nothing (exit code\n"
		"3).  Then the kernel switches task by task to the new code.  Tasks that have not\n"
		"switched are shown with their stacks; the kernel itself wakes them every 15\n"
		"seconds.  A patch whose transition does not finish is rolled back (exit code 1).\n"
		"Afterwards the kernel's log and the probes in /etc/suture/health.d are watched; a\n"
		"problem rolls the patch back and blocks it until 'suture unlock'.\n",
	.example = "suture load livepatch_fix.ko",
	.run = load_run,
};
