/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture diff`: shows what changed between two object files. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/findings.h"
#include "diff/diff.h"
#include "elf/elf.h"
#include "finding/json.h"
#include "safety/safety.h"

static json_t *diff_json(const struct diff *diff, const struct finding_vec *findings, bool all)
{
	json_t *functions = json_array(), *data = json_array();
	size_t count;
	const struct diff_item *items = diff_items(diff, &count);

	for (size_t i = 0; i < count; i++) {
		if (items[i].change == DIFF_SAME && !all)
			continue;
		json_array_append_new(items[i].kind == DIFF_FUNCTION ? functions : data,
				      json_pack("{s:s, s:s, s:s?}", "name", items[i].name, "change",
						diff_change_name(items[i].change), "why",
						items[i].why));
	}
	return json_pack("{s:o, s:o, s:o}", "functions", functions, "data", data, "findings",
			 findings_json(findings));
}

static void print_diff(const struct diff *diff, const struct finding_vec *findings, bool all)
{
	size_t count, changes[4] = {};
	const struct diff_item *items = diff_items(diff, &count);

	for (size_t i = 0; i < count; i++) {
		changes[items[i].change]++;
		if (items[i].change == DIFF_SAME && !all)
			continue;
		cli_printf("%-9s %-8s %s%s%s\n", diff_change_name(items[i].change),
			   items[i].kind == DIFF_FUNCTION ? "function" : "data", items[i].name,
			   items[i].why ? ": " : "", items[i].why ? items[i].why : "");
	}
	findings_print(stdout, findings, all ? SEVERITY_NOTE : SEVERITY_WARN);
	cli_printf("%zu changed, %zu new, %zu removed, %zu unchanged\n", changes[DIFF_CHANGED],
		   changes[DIFF_NEW], changes[DIFF_REMOVED], changes[DIFF_SAME]);
}

static struct err *run_diff(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_elf orig = NULL;
	scope_elf patched = NULL;
	scope_diff diff = NULL;
	scope_findings findings = {};
	bool all = cli->verbosity > 0;

	(void)status;
	err_try(elf_object_open(args->argv[0], &orig));
	err_try(elf_object_open(args->argv[1], &patched));
	err_try(diff_new(orig, patched, &diff));
	safety_check_diff(diff, args->argv[1], &findings);
	if (cli->json)
		return cli_json(cli, diff_json(diff, &findings, all));
	print_diff(diff, &findings, all);
	return NULL;
}

const struct command cmd_diff = {
	.name = "diff",
	.summary = "show what changed between two object files, function by function",
	.args = "[-v] ORIG.o PATCHED.o",
	.min_args = 2,
	.files = FILES_ANY,
	.max_args = 2,
	.help = "Compile both objects with -ffunction-sections -fdata-sections.\n"
		"With -v, unchanged functions and data are listed too.\n",
	.example = "suture diff before/pipe.o after/pipe.o",
	.may_be_cut = true,
	.run = run_diff,
};
