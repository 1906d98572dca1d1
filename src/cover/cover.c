/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes one live patch from two source trees. It builds all changes, leaves out the units of those
 * that were refused, and repeats that until a build refuses nothing.
 */
#include "cover/cover.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "cover/added.h"
#include "cover/blame.h"
#include "cover/commits.h"
#include "cover/fix_list.h"
#include "cover/give.h"
#include "cover/probes.h"
#include "cover/kept_report.h"
#include "cover/links.h"
#include "cover/loadable.h"
#include "cover/table.h"
#include "klp/name.h"

/*
 * A name that a header changes is left out if more compiled files than this may use it. Compiling
 * both versions of a file costs some three seconds.
 */
#define MAX_USERS 300

/* A header that is not cut is left out if more compiled files than this include it. */
#define MAX_UNKNOWN_USERS 60

static bool all_is_carried(const struct covering *covering)
{
	for (size_t i = 0; i < covering->atoms.atoms.len; i++)
		if (!covering->carried[i] && !covering->replaced[i] && !covering->kept[i])
			return false;
	return true;
}

static struct err *build_files(struct covering *covering, const struct given_files *files, bool all)
{
	const struct cover_spec *spec = covering->spec;
	struct cover_report *report = covering->report;
	scope_free char *info = xasprintf(
		"suture_cover=%s %s %s", report->from, report->to,
		cover_verdict_name(all_is_carried(covering) ? COVER_EQUIVALENT : COVER_PARTIAL));
	scope_free char *partial = xasprintf("suture_cover=%s %s %s", report->from, report->to,
					     cover_verdict_name(COVER_PARTIAL));
	struct allowance_vec none = {};
	const struct klp_build_spec build = {
		.target = spec->target,
		.patches = spec->added,
		.nr_patches = spec->nr_added,
		.files = files->data,
		.nr_files = files->len,
		.keep_going = true,
		.most_users = MAX_USERS,
		.judge_first = true,
		.altered = covering->has_built ? &covering->altered : NULL,
		.settled = &covering->settled,
		.skip_settled = !all,
		.name = report->name,
		.info = info,
		.info_inlined = partial,
		.out_dir = all ? spec->out_dir : NULL,
		.replace = true,
		.jobs = spec->jobs,
		.sandbox = spec->sandbox,
		.allow = &none,
	};

	klp_report_free(report->build);
	report->build = NULL;
	report->totals.rounds++;
	return klp_build(&build, covering->progress, &report->build);
}

/*
 * Remembers what was built, and the units without a refusal, which only the last build compares
 * again.
 */
static void cover_settle(struct covering *covering)
{
	if (covering->report->build->judged_only)
		return;
	covering->has_built = true;
	settled_units_free(&covering->settled);
	covering->settled = covering->report->build->settled;
	covering->report->build->settled = (struct settled_unit_vec){};
	memcpy(covering->built, covering->carried, covering->atoms.atoms.len);
}

static size_t count_carried(const struct covering *covering)
{
	size_t count = 0;

	for (size_t i = 0; i < covering->atoms.atoms.len; i++)
		count += covering->carried[i];
	return count;
}

/* Leaves out the units that the build refuses; sets *done if there are none. */
static struct err *cover_leave_out(struct covering *covering, bool *done)
{
	const struct klp_report *build = covering->report->build;
	size_t before = count_carried(covering), after;
	bool any = false;

	*done = true;
	vec_foreach(&build->findings, it)
		*done &= !blame_counts(it);
	if (*done)
		return NULL;
	err_try(blame_findings(covering, &build->findings, &build->failures, &any));
	after = count_carried(covering);
	progress_detail(covering->progress, "round %zu: %zu of %zu changes are left out",
			covering->report->totals.rounds, before - after, before);
	return any ? NULL
		   : err_new("%s: a build was refused, but no change could be found that causes it",
			     covering->spec->target->release);
}

/*
 * Builds the carried changes; sets *done if no part of them was refused. With all, compares even
 * the files that earlier rounds found in order, since files can affect each other.
 */
static struct err *cover_round(struct covering *covering, bool all, bool *done)
{
	struct given_files files = {};
	struct err *err = NULL;

	altered_files_free(&covering->altered);
	give_altered(covering, &covering->altered);
	for (size_t i = 0; !err && i < covering->atoms.files.len; i++)
		if (give_is_carried(covering, i))
			err = give_file(covering, i, true, &files);
	*done = !files.len && !covering->spec->nr_added;
	if (!err && !*done)
		err = build_files(covering, &files, all);
	given_files_free(&files);
	if (err || *done)
		return err;
	table_note_not_built(covering);
	cover_settle(covering);
	return cover_leave_out(covering, done);
}

static struct err *cover_rounds(struct covering *covering)
{
	bool all = true, done = false;

	for (;;) {
		err_try(cover_round(covering, all, &done));
		if (done && all)
			return NULL;
		/* After a round that leaves a unit out, only the files that this affects are
		 * compared. */
		all = done;
	}
}

static struct err *cover_cut(struct covering *covering)
{
	const struct cover_spec *spec = covering->spec;

	err_try(atoms_cut(spec->target->source, spec->source->tree, &covering->changes,
			  &covering->atoms));

	size_t count = covering->atoms.atoms.len;

	covering->unit = xcalloc(count + 1, sizeof(*covering->unit));
	covering->carried = xcalloc(count + 1, sizeof(*covering->carried));
	covering->built = xcalloc(count + 1, sizeof(*covering->built));
	covering->replaced = xcalloc(count + 1, sizeof(*covering->replaced));
	covering->kept = xcalloc(count + 1, sizeof(*covering->kept));
	covering->refitted = xcalloc(count + 1, sizeof(*covering->refitted));
	covering->unseen = xcalloc(count + 1, sizeof(*covering->unseen));
	covering->reasons = xcalloc(count + 1, sizeof(*covering->reasons));
	covering->files = xcalloc(covering->atoms.files.len + 1, sizeof(*covering->files));
	links_find(&covering->atoms, covering->unit, &covering->needs);
	commits_locate(covering);
	atoms_drop_tokens(&covering->atoms);
	for (size_t i = 0; i < count; i++)
		covering->carried[i] = true;
	commits_join(covering);
	fix_list_join(covering);
	if (spec->by_file)
		vec_foreach(&covering->atoms.files, it)
			for (size_t i = it->first; i < it->end; i++)
				links_join(covering->unit, it->first, i);
	return NULL;
}

static bool cover_changes_headers(const struct covering *covering)
{
	vec_foreach(&covering->changes, it)
		if (str_ends(it->path, ".h"))
			return true;
	return false;
}

/* Lists the sources of this kernel that contain a changed file: itself, or those that include it.
 */
static void cover_find_units(const struct survey *survey, const char *path, struct str_vec *units)
{
	scope_str_vec users = {};

	if (survey_is_unit(survey, path))
		vec_push(units, xstrdup(path));
	include_graph_users(survey->graph, path, &users);
	vec_foreach(&users, it)
		if (survey_is_unit(survey, *it))
			vec_push(units, xstrdup(*it));
}

/* Marks files that this kernel does not compile, and those of modules that the machine lacks. */
static void cover_note_owners(struct covering *covering, const struct survey *survey)
{
	const struct str_vec *modules = covering->spec->modules;

	for (size_t i = 0; i < covering->atoms.files.len; i++) {
		const struct tree_change *change = covering->atoms.files.data[i].change;
		struct covered_file *file = &covering->files[i];
		scope_str_vec units = {};

		/* Finding the users of a header takes long, and only a machine's judgement asks. */
		if (!change->before || (!modules && !str_ends(change->path, ".c")))
			continue;
		cover_find_units(survey, change->path, &units);
		file->not_built = str_ends(change->path, ".c") && !units.len;
		file->elsewhere = modules && units.len;
		for (size_t k = 0; file->elsewhere && k < units.len; k++)
			if (loadable_has_any(modules, survey_owners(survey, units.data[k])))
				file->elsewhere = false;
	}
}

/* Returns whether a header is not cut, so that all users must be compiled, and has too many. */
static bool reaches_too_many(const struct covering *covering, const struct survey *survey,
			     const struct atom_file *file, size_t *count)
{
	scope_str_vec users = {};

	*count = 0;
	if (!str_ends(file->change->path, ".h") || file->is_cut || !file->change->before)
		return false;
	/* The header is unaffected if only its comments change. */
	if (!covering->atoms.atoms.data[file->first].names.len)
		return false;
	include_graph_users(survey->graph, file->change->path, &users);
	vec_foreach(&users, it)
		*count += survey_is_unit(survey, *it);
	return *count > MAX_UNKNOWN_USERS;
}

/* Leaves out headers that would make the build compile most of the kernel. */
static void cover_leave_out_headers(struct covering *covering, const struct survey *survey)
{
	struct finding_vec findings = {};
	size_t count;

	vec_foreach(&covering->atoms.files, it)
		if (reaches_too_many(covering, survey, it, &count))
			finding_add(
				&findings, "change-lost", it->change->path, NULL,
				"reboot for this change",
				"its preprocessor conditionals change, and %zu files of this kernel include it",
				count);
	blame_places(covering, &findings);
	findings_free(&findings);
}

/* Judges the headers that change before the first build, and leaves out those that cannot be
 * carried. */
static struct err *cover_survey(struct covering *covering)
{
	const struct cover_spec *spec = covering->spec;
	scope_free char *work = xasprintf("%s/survey", covering->work);
	scope_survey survey = {};

	if (!cover_changes_headers(covering) && !spec->modules)
		return NULL;
	err_try(dir_make(work));
	err_try(survey_open(spec->target, spec->sandbox, work, covering->progress, &survey));
	cover_note_owners(covering, &survey);
	cover_leave_out_headers(covering, &survey);
	return probes_judge(covering, &survey);
}

static struct err *cover_all(struct covering *covering)
{
	err_try(cover_cut(covering));
	err_try(added_replace(covering));
	err_try(cover_survey(covering));
	err_try(cover_rounds(covering));
	table_fill(covering);
	return NULL;
}

/* Uses the result of an earlier run with the same inputs if there is one. */
static struct err *cover_or_reuse(struct covering *covering)
{
	const struct cover_spec *spec = covering->spec;
	struct kept_report kept = {};
	bool found = false;

	err_try(dir_temp(dir_for_temp(), "suture-cover", &covering->work));
	err_try(tree_diff(spec->target->source, spec->source->tree, covering->progress,
			  &covering->changes));

	struct err *err = kept_report_open(covering, &kept);

	if (!err)
		err = kept_report_find(&kept, covering, &found);
	if (!err && !found)
		err = cover_all(covering);
	if (!err && !found)
		err = kept_report_add(&kept, covering->report);
	kept_report_close(&kept);
	return err;
}

static void covering_free(struct covering *covering)
{
	for (size_t i = 0; covering->reasons && i < covering->atoms.atoms.len; i++)
		findings_free(&covering->reasons[i]);
	for (size_t i = 0; covering->files && i < covering->atoms.files.len; i++)
		vec_free(&covering->files[i].lines);
	free(covering->reasons);
	free(covering->files);
	free(covering->unit);
	vec_free(&covering->needs);
	free(covering->carried);
	free(covering->built);
	free(covering->replaced);
	for (size_t i = 0; covering->located && i < covering->series.len; i++)
		vec_free(&covering->located[i]);
	free(covering->located);
	series_free(&covering->series);
	for (size_t i = 0; covering->refitted && i < covering->atoms.atoms.len; i++)
		free(covering->refitted[i]);
	free(covering->refitted);
	free(covering->kept);
	free(covering->unseen);
	altered_files_free(&covering->altered);
	settled_units_free(&covering->settled);
	atoms_free(&covering->atoms);
	tree_changes_free(&covering->changes);
	dir_temp_cleanup(&covering->work);
}

struct err *cover_run(const struct cover_spec *spec, struct progress *progress,
		      struct cover_report **reportp)
{
	scope_cover_report report = xcalloc(1, sizeof(*report));
	struct covering covering = {.spec = spec, .progress = progress, .report = report};
	double start = clock_seconds();

	report->name = spec->name ? xstrdup(spec->name) : klp_default_name(spec->source->version);
	report->for_machine = spec->modules;
	report->from = xstrdup(spec->target->version);
	report->to = xstrdup(spec->source->version);
	err_try(klp_check_new_name(report->name, spec->target));
	if (spec->fixes)
		err_try(fix_list_read(spec->fixes, &report->fixes));
	fix_list_select(&report->fixes, report->from, report->to);

	struct err *err = spec->series ? series_read(spec->series, &covering.series) : NULL;

	if (!err)
		err = cover_or_reuse(&covering);

	covering_free(&covering);
	err_try(err);
	report->seconds = clock_seconds() - start;
	*reportp = take_ptr(report);
	return NULL;
}
