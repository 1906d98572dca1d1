/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implements `suture cves`: tells which security fixes this machine's kernel has, and from where.
 */
#include <stdio.h>

#include "base/cve.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "ship/cves.h"

static struct err *cves_answer(const struct cli *cli, const struct cve_answers *answers)
{
	json_t *array;

	if (!cli->json) {
		cli_print("kernel %s (%s)", answers->release,
			  *answers->version ? answers->version : "version unknown");
		vec_foreach(&answers->list, it)
			cli_print("%s: %s: %s", it->cve, cve_state_name(it->state), it->why);
		if (!answers->list.len)
			cli_printf(
				"%s",
				answers->livepatches
					? "no live patch and no newer installed kernel names a CVE\n"
					: "no newer installed kernel names a CVE, and without /sys, live patches are unknown\n");
		return NULL;
	}
	array = json_array();
	vec_foreach(&answers->list, it)
		json_array_append_new(array, json_pack("{s:s, s:s, s:o}", "cve", it->cve, "state",
						       cve_state_name(it->state), "why",
						       printable_json(it->why)));
	return cli_json(cli, json_pack("{s:o, s:o, s:b, s:b, s:o}", "kernel",
				       printable_json(answers->release), "version",
				       printable_json(answers->version), "changelog",
				       (int)answers->changelog, "livepatches",
				       (int)answers->livepatches, "cves", array));
}

static struct err *cves_print_vex(const struct cve_answers *answers)
{
	if (!answers->list.len)
		return err_new(
			"there is nothing to report: no live patch and no newer installed kernel names a CVE");
	if (!*answers->version)
		return err_new("the version of kernel %s is not known", answers->release);

	scope_json document = ship_cves_vex(answers);
	scope_free char *text = json_dumps(document, CLI_JSON_FORMAT);

	cli_block(stdout, text);
	cli_printf("\n");
	return NULL;
}

static struct err *cves_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_str_vec cves = {};
	scope_cve_answers answers = {};

	(void)status;
	if (cli_option(args, "vex") && cli->json)
		return err_code_new(ERR_USAGE, "use either --vex or --json, not both");
	for (int i = 0; i < args->argc; i++) {
		if (!cve_is_id(args->argv[i]))
			return err_code_new(ERR_USAGE, "'%s' is not of the form CVE-2026-12345",
					    args->argv[i]);
		vec_push(&cves, xstrdup(args->argv[i]));
	}
	err_try(cli_root(args, &root));
	err_try(ship_cves(root, cli_option(args, "kernel"), &cves, &answers));
	return cli_option(args, "vex") ? cves_print_vex(&answers) : cves_answer(cli, &answers);
}

static const struct cli_option cves_options[] = {
	{"kernel", 'k', "REL", "answer for this installed kernel (default: the running one)"},
	{"vex", 0, NULL, "print the answers as an OpenVEX document"},
	{"root", 0, "DIR", "examine the system below this folder"},
	{},
};

const struct command cmd_cves = {
	.name = "cves",
	.summary = "tell which security fixes the kernel has, and from where",
	.args = "[options] [CVE]...",
	.max_args = -1,
	.options = cves_options,
	.help = "A CVE is fixed by the kernel if the changelog of its package names it, fixed by a\n"
		"live patch if one is enabled that has the fix, open if a newer kernel is installed\n"
		"that fixes it, and otherwise unknown.  Without CVEs, all that live patches and newer\n"
		"installed kernels fix are listed.\n",
	.example = "suture cves CVE-2026-31431",
	.run = cves_run,
};
