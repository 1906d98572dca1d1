/* SPDX-License-Identifier: GPL-2.0-or-later */
/* suture cover: makes one live patch of all that a later version of a kernel changes. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/cover_explain.h"
#include "cli/cover_html.h"
#include "cli/sandbox_choice.h"
#include "cover/cover.h"
#include "cover/loadable.h"
#include "finding/json.h"
#include "klp/name.h"

#define COVER_IN_PART 4

/* Units that are listed on a terminal without -v. */
#define COVER_SHOWN 20

static const int cover_status[] = {
	[COVER_EQUIVALENT] = 0,
	[COVER_PARTIAL] = COVER_IN_PART,
	[COVER_NOTHING] = ERR_REFUSED,
};

static json_t *cover_unit_json(const struct cover_unit *unit)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:b}", "name",
			 printable_json(unit->name), "files", printables_json(&unit->files),
			 "functions", printables_json(&unit->functions), "state",
			 cover_state_name(unit->state), "reasons", findings_json(&unit->reasons),
			 "needs", printables_json(&unit->needs), "cves",
			 printables_json(&unit->cves), "elsewhere", unit->elsewhere, "replaced",
			 unit->replaced);
}

/* Counts of fixes or commits by their states. */
static json_t *cover_states_json(const size_t counts[COVER_FIX_OPEN + 1])
{
	json_t *states = json_object();

	for (size_t i = 0; i <= COVER_FIX_OPEN; i++)
		json_object_set_new(states, cover_fix_state_name(i), json_integer(counts[i]));
	return states;
}

static json_t *cover_totals_json(const struct cover_totals *totals)
{
	json_t *units = json_object();

	for (size_t i = 0; i < array_size(totals->units); i++)
		json_object_set_new(units, cover_state_name(i), json_integer(totals->units[i]));
	return json_pack("{s:I, s:o, s:o, s:o, s:I, s:I, s:I}", "files", (json_int_t)totals->files,
			 "units", units, "cves", cover_states_json(totals->cves), "commits",
			 cover_states_json(totals->commits), "functions_changed",
			 (json_int_t)totals->functions_changed, "functions_patched",
			 (json_int_t)totals->functions_patched, "rounds",
			 (json_int_t)totals->rounds);
}

static json_t *cover_open_json(const struct cover_report *report,
			       const struct cover_unit_numbers *open)
{
	json_t *names = json_array();

	vec_foreach(open, it)
		json_array_append_new(names, printable_json(report->units.data[*it].name));
	return names;
}

static json_t *cover_commits_json(const struct cover_report *report)
{
	json_t *commits = json_array();

	vec_foreach(&report->commits, it)
		json_array_append_new(commits,
				      json_pack("{s:o?, s:o, s:s, s:o}", "commit",
						it->id ? printable_json(it->id) : NULL, "name",
						printable_json(it->name), "state",
						cover_fix_state_name(it->state), "open_units",
						cover_open_json(report, &it->open)));
	return commits;
}

static json_t *cover_fix_json(const struct cover_report *report, const struct cover_fix *fix)
{
	return json_pack("{s:s, s:o?, s:o, s:s, s:o}", "cve", fix->cve, "commit",
			 fix->commit ? printable_json(fix->commit) : NULL, "files",
			 printables_json(&fix->files), "state", cover_fix_state_name(fix->state),
			 "open_units", cover_open_json(report, &fix->open));
}

static json_t *cover_fixes_json(const struct cover_report *report)
{
	json_t *fixes = json_array();

	vec_foreach(&report->fixes, it)
		json_array_append_new(fixes, cover_fix_json(report, it));
	return fixes;
}

static json_t *cover_json(const struct cover_report *report, const struct target *target)
{
	json_t *units = json_array();

	vec_foreach(&report->units, it)
		json_array_append_new(units, cover_unit_json(it));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s?, s:o, s:o, s:o, s:o, s:f}", "kernel",
			 target->release, "from", report->from, "to", report->to, "verdict",
			 cover_verdict_name(report->verdict), "name", report->name, "for_machine",
			 report->for_machine, "module", report->module, "units", units, "fixes",
			 cover_fixes_json(report), "commits", cover_commits_json(report), "totals",
			 cover_totals_json(&report->totals), "seconds", report->seconds);
}

static void cover_print_unit(const struct cover_unit *unit)
{
	scope_free char *cves = names_join(&unit->cves, NAMES_SHOWN);

	cli_word(unit->state == COVER_PATCHED	? 1
		 : unit->state == COVER_REFUSED ? -1
						: 0,
		 12, cover_state_name(unit->state));
	cli_printf(" %s", unit->name);
	if (unit->functions.len > 1)
		cli_printf(" and %zu other functions", unit->functions.len - 1);
	if (unit->replaced)
		cli_printf(", replaced by an added patch");
	cli_printf(unit->cves.len ? " (%s)\n" : "\n", cves);
	vec_foreach(&unit->needs, it)
		cli_printf("             it needs %s, which is left out\n", *it);
	vec_foreach(&unit->reasons, it) {
		scope_free char *where = finding_where(it);

		cli_printf("             %s: %s [%s]\n", where ? where : "-", it->message,
			   it->rule);
	}
}

static void cover_print_units(const struct cover_report *report, bool all)
{
	struct cover_unit_list open = {};
	size_t shown = 0;

	vec_foreach(&report->units, it)
		if (it->state == COVER_PATCHED && shown++ < COVER_SHOWN)
			cover_print_unit(it);
		else if (all && !cover_unit_is_open(it))
			cover_print_unit(it);
	cover_open_units(report, &open);
	for (size_t i = 0; i < open.len && (all || i < COVER_SHOWN); i++)
		cover_print_unit(open.data[i]);
	if (!all && open.len > COVER_SHOWN)
		cli_printf(
			"%zu other units are left out: -v, --html FILE and the list beside the module show them\n",
			open.len - COVER_SHOWN);
	vec_free(&open);
}

static void cover_print_states(const char *what, const size_t counts[COVER_FIX_OPEN + 1])
{
	cli_printf(
		"%s: %zu carried, %zu open, %zu not built, %zu without code, %zu not in this update\n",
		what, counts[COVER_FIX_CARRIED], counts[COVER_FIX_OPEN],
		counts[COVER_FIX_NOT_BUILT], counts[COVER_FIX_NO_CODE], counts[COVER_FIX_ABSENT]);
}

static void cover_print(const struct cover_report *report, bool verbose)
{
	const struct cover_totals *totals = &report->totals;
	scope_free char *time = cli_seconds(report->seconds);

	cover_print_units(report, verbose);
	cli_printf("%s to %s: %s%s\n", report->from, report->to,
		   cover_verdict_name(report->verdict),
		   report->for_machine ? " for this machine" : "");
	cli_printf("%zu files differ; %zu of %zu changed functions are carried\n", totals->files,
		   totals->functions_patched, totals->functions_changed);
	cli_printf(
		"units: %zu patched, %zu refused, %zu dropped with these, %zu not built, %zu without code\n",
		totals->units[COVER_PATCHED], totals->units[COVER_REFUSED],
		totals->units[COVER_DROPPED_WITH], totals->units[COVER_NOT_BUILT],
		totals->units[COVER_NO_CODE]);
	if (report->fixes.len)
		cover_print_states("CVEs", totals->cves);
	if (report->commits.len)
		cover_print_states("commits", totals->commits);
	if (report->module)
		cli_printf("%s made in %s\n", report->module, time);
	else
		cli_printf("no module was made (%s)\n", time);
}

static struct err *cover_write_list(const struct cli *cli, const struct cover_report *report,
				    const char *out_dir, json_t *json)
{
	scope_free char *path = xasprintf("%s/%s.cover.json", out_dir, report->name);

	return cli_json_file(cli, path, json, report->module);
}

static struct err *cover_answer(const struct cli *cli, const struct cover_spec *spec,
				const struct cover_report *report, const char *page)
{
	scope_json json = cover_json(report, spec->target);

	if (spec->out_dir)
		err_try(cover_write_list(cli, report, spec->out_dir, json));
	if (page)
		err_try(cli_cover_html(report, spec->target->release, page));
	if (cli->json)
		return cli_json(cli, take_ptr(json));
	cover_print(report, cli->verbosity > 0);
	if (report->module)
		cli_hint(cli, "'suture test %s' tries it in QEMU", report->module);
	return NULL;
}

/* Reads the modules of the machine that --loaded asks for; *machine is NULL without it. */
static struct err *cover_read_machine(const struct cli_args *args, const char *release,
				      struct str_vec *modules, const struct str_vec **machine)
{
	const char *file = cli_option(args, "loaded");
	scope_free char *running = NULL;
	scope_root root = NULL;

	*machine = file ? modules : NULL;
	if (!file)
		return NULL;
	if (*file)
		return loadable_read_list(file, modules);
	err_try(root_open(NULL, &root));
	running = root_read_line(root, "/proc/sys/kernel/osrelease");
	if (!running || strcmp(running, release))
		return err_code_new(
			ERR_USAGE,
			"--loaded: this machine runs %s, not %s; give a list of modules with --loaded=FILE, such as what lsmod prints",
			running ? running : "an unknown kernel", release);
	return loadable_read(root, release, modules);
}

static struct err *cover_read_added(const struct cli_args *args, struct str_vec *added)
{
	const char *patch;
	size_t at = 0;

	while ((patch = cli_option_next(args, "add", &at))) {
		err_try(file_kind_not_patch(patch));
		vec_push(added, xstrdup(patch));
	}
	return NULL;
}

static struct err *run_cover(const struct cli *cli, const struct cli_args *args, int *status)
{
	struct target_spec target_spec = cli_target_spec(args);
	const char *to = cli_option(args, "to");
	const char *out_dir = cli_option(args, "output");
	scope_target target = NULL;
	scope_target_source source = NULL;
	scope_cover_report report = NULL;
	scope_str_vec modules = {}, added = {};
	struct cover_spec spec = {.name = cli_option(args, "name")};
	unsigned by_file = false;

	if (cli_option(args, "explain"))
		return cli_cover_explain(cli, out_dir ? out_dir : ".", spec.name,
					 cli_option(args, "explain"));
	if (!to)
		return err_code_new(
			ERR_USAGE,
			"--to is missing: the version that the kernel is to be live-patched to, or a folder with its source");
	if (!isdigit((unsigned char)*to) && !dir_exists(to))
		return err_code_new(
			ERR_USAGE,
			"--to: '%s' is neither a source version such as 6.1.192-3 nor a folder",
			to);
	err_try(cli_choice(args, "cut", (const char *const[]){"unit", "file", NULL}, &by_file));
	if (spec.name)
		err_try(klp_check_name(spec.name));
	err_try(cover_read_added(args, &added));
	spec.added = (const char *const *)added.data;
	spec.nr_added = added.len;
	spec.series = cli_option(args, "series");
	spec.fixes = cli_option(args, "cves");
	spec.by_file = by_file;
	spec.out_dir = cli_option(args, "dry-run") ? NULL : out_dir ? out_dir : ".";
	err_try(cli_number(args, "jobs", CLI_MAX_JOBS, &spec.jobs));
	err_try(cli_choose_sandbox(args, &spec.sandbox));
	err_try(target_open(&target_spec, cli->progress, &target));
	err_try(cover_read_machine(args, target->release, &modules, &spec.modules));
	err_try(target_source_open(target, to, cli->progress, &source));
	spec.target = target;
	spec.source = source;
	err_try(cover_run(&spec, cli->progress, &report));
	cli_tell_kernel(cli, args, target);
	*status = cover_status[report->verdict];
	return cover_answer(cli, &spec, report, cli_option(args, "html"));
}

static const struct cli_option cover_options[] = {
	{"to", 't', "VERSION", "source version of the archive, or a folder with a source tree"},
	CLI_KERNEL_OPTIONS,
	{"output", 'o', "DIR", "where NAME.ko and NAME.cover.json go (default: here)"},
	{"name", 'n', "NAME", "the module's name (default: after the version)"},
	{"cut", 0, "unit|file", "group changes that are related (unit), or by file (file)"},
	{"series", 0, "DIR|MBOX|RANGE",
	 "the update's commits: keep each whole, and tell which are carried"},
	{"cves", 0, "FILE",
	 "a list of security fixes: keep each whole, and tell which are carried"},
	{"loaded", 0, "[=FILE]",
	 "judge for the modules that this machine loads, or those that FILE lists"},
	{"add", 0, "PATCH",
	 "use this patch for the code that it changes; may be given several times"},
	{"html", 0, "FILE", "write a page with a chart and all units"},
	{"explain", 0, "UNIT",
	 "show what an earlier run wrote about a unit, file, function or CVE id"},
	{"dry-run", 0, NULL, "do everything but write files"},
	{"no-sandbox", 0, NULL, "run compilers and makefiles unconfined"},
	{"jobs", 'j', "N", "compile N files at a time (default: one per processor)"},
	{},
};

const struct command cmd_cover = {
	.name = "cover",
	.summary = "make one live patch of all that a later kernel version changes",
	.args = "--kernel REL --to VERSION [-o DIR] [--dry-run]",
	.min_args = 0,
	.max_args = 0,
	.may_be_cut = true,
	.options = cover_options,
	.help = "Compares the source of the kernel with that of a later version, cuts what differs into\n"
		"units, and makes one live patch of all units that can be live-patched.\n"
		"Each line of the list for --cves has the version that contains a fix, its CVE id, its files\n"
		"with spaces between them, and optionally its commit, separated by tabs.\n"
		"A series is a folder of patches, an mbox, or a range of commits of the git repository in\n"
		"the current folder, such as v6.1.190..v6.1.192.\n"
		"Exit codes: 0 the patch is equivalent to the later version, 4 it carries a part of it,\n"
		"3 nothing can be carried.\n",
	.example = "suture cover --kernel 6.1.0-57-amd64 --to 6.1.195-1",
	.run = run_cover,
};
