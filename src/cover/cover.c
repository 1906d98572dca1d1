/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From two sources to one live patch: all that differs is built, what is refused is left out with
 * what belongs to it, and that is repeated until nothing is refused.
 */
#include "cover/cover.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "cover/blame.h"
#include "cover/links.h"
#include "cover/table.h"
#include "klp/name.h"

/* Files as they are given to a build; the strings belong to the vector. */
struct given_files VEC(struct pair_file);

static void given_files_free(struct given_files *files)
{
	vec_foreach(files, it) {
		free((char *)it->path);
		free((char *)it->file);
	}
	vec_free(files);
}

static bool file_is_carried(const struct covering *covering, size_t number)
{
	const struct atom_file *file = &covering->atoms.files.data[number];

	for (size_t i = file->first; i < file->end; i++)
		if (covering->carried[i])
			return true;
	return false;
}

/* The text of a file with its carried atoms, in a file of its own; free(). */
static struct err *write_mixture(struct covering *covering, size_t number, char **path)
{
	const struct atom_file *file = &covering->atoms.files.data[number];
	struct covered_file *covered = &covering->files[number];
	scope_strbuf text = STRBUF_INIT;

	covered->lines.len = 0;
	mixture_write(file, covering->carried, &text, &covered->lines);
	*path = xasprintf("%s/%zu", covering->work, number);
	return file_write_scratch(*path, text.buf, text.len);
}

static struct err *give_file(struct covering *covering, size_t number, struct given_files *files)
{
	const struct atom_file *file = &covering->atoms.files.data[number];
	const struct tree_change *change = file->change;
	char *path = NULL;

	if (file->is_cut)
		err_try(write_mixture(covering, number, &path));
	else if (change->after)
		path = xasprintf("%s/%s", covering->spec->source->tree, change->path);
	vec_push(files, (struct pair_file){xstrdup(change->path), path});
	return NULL;
}

static bool all_is_carried(const struct covering *covering)
{
	for (size_t i = 0; i < covering->atoms.atoms.len; i++)
		if (!covering->carried[i])
			return false;
	return true;
}

static struct err *build_files(struct covering *covering, const struct given_files *files)
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
		.files = files->data,
		.nr_files = files->len,
		.keep_going = true,
		.name = report->name,
		.info = info,
		.info_inlined = partial,
		.out_dir = spec->out_dir,
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

/* Builds what is carried; *done when nothing of it was refused. */
static struct err *cover_round(struct covering *covering, bool *done)
{
	struct given_files files = {};
	struct err *err = NULL;
	bool any = false;

	for (size_t i = 0; !err && i < covering->atoms.files.len; i++)
		if (file_is_carried(covering, i))
			err = give_file(covering, i, &files);
	*done = !files.len;
	if (!err && files.len)
		err = build_files(covering, &files);
	given_files_free(&files);
	if (err || *done)
		return err;
	table_note_not_built(covering);
	*done = true;
	vec_foreach(&covering->report->build->findings, it)
		*done &= !blame_counts(it);
	if (*done)
		return NULL;
	err_try(blame_refusals(covering, &any));
	return any ? NULL
		   : err_new("%s: a build was refused for reasons that no change explains",
			     covering->spec->target->release);
}

static struct err *cover_cut(struct covering *covering)
{
	const struct cover_spec *spec = covering->spec;

	err_try(tree_diff(spec->target->source, spec->source->tree, covering->progress,
			  &covering->changes));
	err_try(atoms_cut(spec->target->source, spec->source->tree, &covering->changes,
			  &covering->atoms));

	size_t count = covering->atoms.atoms.len;

	covering->unit = xcalloc(count + 1, sizeof(*covering->unit));
	covering->carried = xcalloc(count + 1, sizeof(*covering->carried));
	covering->reasons = xcalloc(count + 1, sizeof(*covering->reasons));
	covering->files = xcalloc(covering->atoms.files.len + 1, sizeof(*covering->files));
	links_find(&covering->atoms, covering->unit);
	for (size_t i = 0; i < count; i++)
		covering->carried[i] = true;
	if (spec->by_file)
		vec_foreach(&covering->atoms.files, it)
			for (size_t i = it->first; i < it->end; i++)
				links_join(covering->unit, it->first, i);
	return NULL;
}

static struct err *cover_all(struct covering *covering)
{
	bool done = false;

	err_try(dir_temp(dir_for_temp(), "suture-cover", &covering->work));
	err_try(cover_cut(covering));
	while (!done)
		err_try(cover_round(covering, &done));
	table_fill(covering);
	return NULL;
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
	free(covering->carried);
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
	report->from = xstrdup(spec->target->version);
	report->to = xstrdup(spec->source->version);
	err_try(klp_check_name(report->name));

	struct err *err = cover_all(&covering);

	covering_free(&covering);
	err_try(err);
	report->seconds = clock_seconds() - start;
	*reportp = take_ptr(report);
	return NULL;
}
