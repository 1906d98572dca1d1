/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implements `suture build`: makes a module from patches, and a report for people, scripts and
 * browsers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cve.h"
#include "base/file.h"
#include "base/json.h"
#include "base/proc.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/findings.h"
#include "cli/html.h"
#include "cli/sandbox_choice.h"
#include "finding/json.h"
#include "klp/klp.h"
#include "klp/name.h"

static json_t *build_functions_json(const struct klp_report *report)
{
	json_t *array = json_array();

	vec_foreach(&report->functions, it) {
		const struct function_facts *facts = &it->facts;

		json_array_append_new(
			array,
			json_pack(
				"{s:s, s:s, s:s, s:s, s:i, s:s?, s:i, s:I, s:I, s:o, s:o, s:o, s:o}",
				"object", it->object, "file", it->file, "name", it->name, "change",
				diff_change_name(it->change), "sympos", it->sympos, "proof",
				klp_function_proof(it), "line", facts->line, "size_before",
				(json_int_t)facts->size_before, "size_after",
				(json_int_t)facts->size_after, "calls_new",
				printables_json(&facts->calls_new), "calls_gone",
				printables_json(&facts->calls_gone), "inlined_new",
				printables_json(&facts->inlined_new), "inlined_gone",
				printables_json(&facts->inlined_gone)));
	}
	return array;
}

static json_t *allowed_json(const struct allowance_vec *allow)
{
	json_t *array = json_array();

	vec_foreach(allow, it)
		if (it->used)
			json_array_append_new(array, json_pack("{s:s, s:s}", "rule", it->rule->id,
							       "reason", it->reason));
	return array;
}

static json_t *report_json(const struct klp_report *report, const struct target *target,
			   const struct allowance_vec *allow)
{
	const struct klp_seconds *s = &report->seconds;
	json_t *seconds =
		json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "compile_pre", s->compile_pre,
			  "compile_post", s->compile_post, "diff", s->diff, "match", s->match,
			  "safety", s->safety, "link", s->link, "total", s->total);

	json_t *proven = json_pack("{s:I, s:I}", "functions", (json_int_t)report->nr_proven, "of",
				   (json_int_t)report->nr_compared);

	return json_pack("{s:s, s:b, s:s, s:s?, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "kernel",
			 target->release, "runs_here", target_runs_here(target), "name",
			 report->name, "module", report->module, "package", target->version, "cves",
			 printables_json(&report->cves), "functions", build_functions_json(report),
			 "findings", findings_json(&report->findings), "allowed",
			 allowed_json(allow), "verdict",
			 report->refused ? "refused" : "livepatchable", "seconds", seconds,
			 "proven", proven);
}

static struct err *write_report(const struct cli *cli, const struct klp_report *report,
				const char *out_dir, json_t *json)
{
	scope_free char *path = xasprintf("%s/%s.report.json", out_dir, report->name);

	return cli_json_file(cli, path, json, report->module);
}

static void build_print_names(const char *what, const struct str_vec *names)
{
	if (!names->len)
		return;

	scope_free char *list = names_join(names, NAMES_SHOWN);

	cli_printf("         %s %s\n", what, list);
}

static void build_print_function(const struct klp_function *function, int width, bool verbose)
{
	const struct function_facts *facts = &function->facts;
	static const enum cli_colour colours[] = {[DIFF_CHANGED] = COLOUR_YELLOW,
						  [DIFF_NEW] = COLOUR_GREEN,
						  [DIFF_REMOVED] = COLOUR_RED};
	const char *proof = klp_function_proof(function);

	cli_colour(stdout, colours[function->change]);
	cli_printf("%-8s", diff_change_name(function->change));
	cli_colour(stdout, COLOUR_NONE);
	cli_printf(" %-*s %s %s", width, function->name, function->object, function->file);
	if (facts->line)
		cli_printf(":%u", facts->line);
	if (facts->size_before && facts->size_after && facts->size_before != facts->size_after)
		cli_printf(", %llu → %llu bytes", (unsigned long long)facts->size_before,
			   (unsigned long long)facts->size_after);
	if (proof)
		cli_printf(", proof: %s", proof);
	if (function->sympos)
		cli_printf(", symbol %u of that name", function->sympos);
	cli_printf("\n");
	if (function->change != DIFF_CHANGED)
		return;
	build_print_names("now calls", &facts->calls_new);
	build_print_names("no longer calls", &facts->calls_gone);
	if (!verbose)
		return;
	build_print_names("now inlines", &facts->inlined_new);
	build_print_names("no longer inlines", &facts->inlined_gone);
}

static void build_print_fixes(const struct str_vec *cves)
{
	scope_free char *list = names_join(cves, NAMES_SHOWN);

	if (cves->len)
		cli_printf("%-8s %s\n", "fixes", list);
}

static void print_report(const struct klp_report *report, bool verbose)
{
	int width = 0;

	vec_foreach(&report->functions, it)
		if ((int)strlen(it->name) > width)
			width = strlen(it->name);
	vec_foreach(&report->functions, it)
		build_print_function(it, width, verbose);
	build_print_fixes(&report->cves);
	findings_print(stdout, &report->findings, verbose ? SEVERITY_NOTE : SEVERITY_WARN);

	scope_free char *total = cli_seconds(report->seconds.total);

	if (report->refused)
		cli_printf("refused after %s: see the reasons above\n", total);
	else if (report->module)
		cli_printf("%s made in %s\n", report->module, total);
	else if (klp_report_is_empty(report))
		cli_printf(
			"nothing to live-patch: the patch changes no code that this kernel runs\n");
	else
		cli_printf("can be live-patched; nothing written\n");
}

/* An allowance that is not needed is no error, since the patch may have changed. */
static void print_unused(const struct allowance_vec *allow)
{
	vec_foreach(allow, it)
		if (!it->used)
			cli_printf("--allow %s: this rule refused nothing\n", it->rule->id);
}

static struct err *build_read_cves(const struct cli_args *args, struct str_vec *cves)
{
	const char *id;
	size_t at = 0;

	while ((id = cli_option_next(args, "cve", &at))) {
		if (!cve_is_id(id))
			return err_code_new(ERR_USAGE,
					    "--cve: '%s' is not of the form CVE-2026-12345", id);
		vec_push(cves, xstrdup(id));
	}
	return NULL;
}

static void build_hint(const struct cli *cli, const struct klp_report *report)
{
	if (report->module)
		cli_hint(cli, "'suture test %s' tries it in QEMU", report->module);
	else if (report->refused)
		cli_hint(cli,
			 "'suture explain RULE', with a rule in brackets, says what to do instead");
}

static struct err *run_build(const struct cli *cli, const struct cli_args *args, int *status)
{
	struct target_spec target_spec = cli_target_spec(args);
	const char *out_dir = cli_option(args, "output");
	scope_target target = NULL;
	scope_klp_report report = NULL;
	scope_allowances allow = {};
	scope_str_vec cves = {};
	bool dry_run = cli_option(args, "dry-run");
	const char *html = cli_option(args, "html");
	struct klp_build_spec spec = {
		.patches = (const char *const *)args->argv,
		.nr_patches = args->argc,
		.name = cli_option(args, "name"),
		.out_dir = dry_run   ? NULL
			   : out_dir ? out_dir
				     : ".",
		.replace = !cli_option(args, "no-replace"),
		.allow = &allow,
		.cves = &cves,
		.listings = html,
	};
	const char *text;
	size_t at = 0;

	while ((text = cli_option_next(args, "allow", &at)))
		err_try(allowance_add(&allow, text));
	err_try(build_read_cves(args, &cves));
	err_try(cli_number(args, "jobs", CLI_MAX_JOBS, &spec.jobs));
	err_try(cli_choose_sandbox(args, &spec.sandbox));
	if (spec.name)
		err_try(klp_check_name(spec.name));
	err_try(target_open(&target_spec, cli->progress, &target));
	spec.target = target;
	err_try(klp_build(&spec, cli->progress, &report));
	cli_tell_kernel(cli, args, target);
	if (html)
		err_try(html_report(report, &spec, html));
	if (report->refused)
		*status = ERR_REFUSED;

	scope_json json = report_json(report, target, &allow);
	struct err *err = dry_run ? NULL : write_report(cli, report, spec.out_dir, json);

	if (!err && cli->json)
		return cli_json(cli, take_ptr(json));
	if (!err) {
		print_report(report, cli->verbosity > 0);
		print_unused(&allow);
		build_hint(cli, report);
	}
	return err;
}

static const struct cli_option build_options[] = {
	CLI_KERNEL_OPTIONS,
	{"output", 'o', "DIR", "where NAME.ko and NAME.report.json go (default: here)"},
	{"name", 'n', "NAME", "the module's name (default: after the first patch)"},
	{"dry-run", 0, NULL, "do everything but write the module"},
	{"no-replace", 0, NULL, "stack on the loaded live patches instead of replacing them"},
	{"html", 0, "FILE", "also write the report as a page for a browser"},
	{"allow", 0, "RULE=REASON", "do not refuse for this rule; the reason goes into the module"},
	{"cve", 0, "CVE", "a fix that the patches do not name; may be given several times"},
	{"no-sandbox", 0, NULL, "run compilers and makefiles unconfined; for patches you trust"},
	{"jobs", 'j', "N", "compile N files at a time (default: one per processor)"},
	{},
};

const struct command cmd_build = {
	.name = "build",
	.summary = "make a livepatch module from source patches",
	.args = "[--kernel REL] [-o DIR] [--name N] [--dry-run] PATCH...",
	.min_args = 1,
	.files = FILES_PATCHES,
	.max_args = -1,
	.options = build_options,
	.help = "Compiles what the patches touch with and without them, proves the unpatched code\n"
		"against the shipped kernel, and packs the functions that differ into NAME.ko.\n"
		"Exit code 3 means that the change cannot be live-patched; the reasons are listed.\n",
	.example = "suture build --kernel 6.1.0-56-amd64 fix.patch",
	.may_be_cut = true,
	.run = run_build,
};
