/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture publish`: puts packages of live patches into a signed repository. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "cli/commands.h"
#include "ship/publish.h"

/* A year: whoever wants lists to be valid longer has no use for the time. */
#define MAX_VALID_DAYS 366

static struct err *publish_answer(const struct cli *cli, const struct ship_publish_spec *spec,
				  const struct ship_change_vec *changes)
{
	json_t *array;

	if (!cli->json) {
		vec_foreach(changes, it) {
			cli_printf("%s %s: %s, offered to %u %% of the machines", it->package,
				   it->version, it->what, it->phase);
			if (it->restores)
				cli_printf(", with the content of %s", it->restores);
			cli_printf("\n");
		}
		if (!changes->len)
			cli_print("%s: its lists were signed again", spec->repo);
		return NULL;
	}
	array = json_array();
	vec_foreach(changes, it)
		json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:i, s:s, s:o}", "package",
						       it->package, "version", it->version,
						       "format", it->rpm ? "rpm" : "deb", "phase",
						       (int)it->phase, "change", it->what,
						       "restores", printable_json(it->restores)));
	return cli_json(cli, json_pack("{s:o, s:o, s:o}", "repo", printable_json(spec->repo),
				       "suite", printable_json(spec->suite), "packages", array));
}

static struct err *publish_read_phase(const struct cli_args *args, int *phase)
{
	const char *text = cli_option(args, "phase");
	char *end;

	if (!text)
		return NULL;

	long number = strtol(text, &end, 10);

	if (end == text || *end || number < 0 || number > 100)
		return err_code_new(ERR_USAGE, "--phase: '%s' is not a percentage from 0 to 100",
				    text);
	*phase = number;
	return NULL;
}

static struct err *publish_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_ship_changes changes = {};
	struct ship_publish_spec spec = {
		.repo = cli_option(args, "repo"),
		.suite = cli_option(args, "suite"),
		.key = cli_option(args, "key"),
		.phase = -1,
		.withdraw = cli_option(args, "withdraw"),
		.items = (const char *const *)args->argv,
		.nr_items = args->argc,
	};

	(void)status;
	if (!spec.repo || !spec.suite)
		return err_code_new(ERR_USAGE, "--repo and --suite are required");
	err_try(publish_read_phase(args, &spec.phase));
	err_try(cli_number(args, "valid-for", MAX_VALID_DAYS, &spec.valid_days));
	if (spec.withdraw && (!spec.nr_items || spec.phase >= 0))
		return err_code_new(ERR_USAGE,
				    "--withdraw takes names of packages, and no --phase");
	err_try(ship_publish(&spec, &changes));
	return publish_answer(cli, &spec, &changes);
}

static const struct cli_option publish_options[] = {
	{"repo", 0, "DIR", "the repository, which is made if it does not exist"},
	{"suite", 0, "NAME", "suite in it, such as bookworm"},
	{"phase", 0, "N", "offer the new level to N percent of the machines (default: 100)"},
	{"withdraw", 0, NULL, "replace the newest level of a package by the level before it"},
	{"key", 0, "KEY", "OpenPGP key that signs; kept for the next time"},
	{"valid-for", 0, "DAYS", "for how many days clients accept the lists (default: 14)"},
	{},
};

const struct command cmd_publish = {
	.name = "publish",
	.summary = "put packages of live patches into a signed repository, in phases",
	.args = "--repo DIR --suite NAME [options] [FILE|PACKAGE]...",
	.max_args = -1,
	.changes = true,
	.may_be_cut = true,
	.options = publish_options,
	.help = "FILEs are added; for a PACKAGE of the repository, --phase changes how many\n"
		"machines are offered its newest level, and --withdraw takes that level back: a\n"
		"later version with the content of the level before.  Without arguments the lists\n"
		"are signed again.  The repository changes as a whole or not at all.\n",
	.example =
		"suture publish --repo /srv/livepatch --suite bookworm --phase 10 packages/*.deb",
	.run = publish_run,
};
