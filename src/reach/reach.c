/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the units that changed files may reach. Each changed file is examined alone: as the source
 * of a unit, as a file that others include, and as one from which others are generated.
 */
#include "reach/reach.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "reach/generators.h"
#include "reach/include_graph_load.h"
#include "reach/include_scan.h"
#include "reach/makefile_change.h"
#include "reach/outside_units.h"
#include "reach/reached.h"
#include "reach/spread.h"
#include "reach/tree_files.h"
#include "reach/users.h"

static struct err *reach_global_makefile(struct reach_job *job, const struct change *change)
{
	bool alone;

	err_try(makefile_change_only_version(job->spec->kbuild->target->source, change, &alone));
	if (alone)
		reached_skip(job, change->path, "only the version and comments change");
	else
		reached_lose(job, change->path,
			     "changes how every file is built, which Suture does not track");
	return NULL;
}

static struct err *reach_makefile(struct reach_job *job, const struct change *change)
{
	const struct kbuild *kbuild = job->spec->kbuild;
	const char *lost;

	if (!tree_is_makefile(change->path) || tree_is_foreign(kbuild, change->path) ||
	    tree_is_apart(change->path))
		return NULL;
	if (tree_is_global_makefile(kbuild, change->path))
		return reach_global_makefile(job, change);
	job->result->makefiles_change = true;
	err_try(makefile_change_why_lost(kbuild->target->source, &job->result->units[PRE], change,
					 &lost));
	if (lost)
		reached_lose(job, change->path, lost);
	return NULL;
}

/* Lists the units of the patched tree if its makefiles change. */
static struct err *reach_walk_patched(struct reach_job *job)
{
	const struct reach_spec *spec = job->spec;

	vec_foreach(&spec->changes->changes, it)
		err_try(reach_makefile(job, it));
	if (!job->result->makefiles_change)
		return NULL;

	scope_free char *dir = xasprintf("%s/post-walk", spec->work);

	err_try(kbuild_dir_make(spec->kbuild, dir, spec->query_tree));
	return kbuild_units_walk(spec->kbuild, dir, &job->result->units[POST]);
}

/* Returns whether the makefile, before or after the change, sets flags for all folders below. */
static struct err *reach_makefile_is_deep(struct reach_job *job, const struct change *change,
					  bool *deep)
{
	scope_free char *original =
		xasprintf("%s/%s", job->spec->kbuild->target->source, change->path);
	const char *const files[] = {file_exists(original) ? original : NULL, change->file};

	*deep = false;
	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *text = NULL;

		if (!files[i])
			continue;
		err_try(file_read(files[i], &text, NULL));
		*deep |= strstr(text, "subdir-ccflags") || strstr(text, "subdir-asflags");
	}
	return NULL;
}

static struct err *reach_by_makefiles(struct reach_job *job)
{
	if (!job->result->makefiles_change)
		return NULL;
	reached_add_missing(job, POST);
	reached_add_missing(job, PRE);
	vec_foreach(&job->spec->changes->changes, it) {
		scope_free char *dir = xstrndup(it->path, path_base(it->path) - it->path);
		bool deep;

		/* The commands of these units before and after the patch will be compared. */
		if (!tree_is_makefile(it->path) ||
		    tree_is_global_makefile(job->spec->kbuild, it->path))
			continue;
		err_try(reach_makefile_is_deep(job, it, &deep));
		reached_add_governed(job, dir, deep);
	}
	return NULL;
}

static void reach_only_comments(struct reach_job *job, const char *path)
{
	if (tree_is_source(path) && reached_is_unit(job, path)) {
		reached_add(job, path, REACH_SOURCE);
		reached_find(job, path)->only_comments = true;
	}
	reached_skip(job, path, "only comments and white space change");
}

/* Refuses to remove a source while a makefile still names its object. */
static struct err *reach_check_removed(const struct reach_job *job, const struct change *change)
{
	scope_free char *object = kbuild_object_of(change->path);
	const struct kbuild_unit *unit = kbuild_unit_find(reached_units(job, POST), object);
	scope_free char *source = reached_source_of(job, POST, object);

	if (change->kind != CHANGE_REMOVED || !kbuild_unit_is_kernel(unit) || source)
		return NULL;
	return err_new(
		"%s: the patch removes or renames it, but its makefile still builds %s; change the makefile in the patch, too",
		change->path, object);
}

static void reach_rust(struct reach_job *job, const char *path)
{
	const struct kbuild *kbuild = job->spec->kbuild;

	if (tree_is_rust(kbuild, path))
		reached_lose(job, path, "Rust code changes, and Suture live-patches C code only");
	else
		reached_skip(job, path, tree_why_no_unit(kbuild, path));
}

/* Adds what a source or a header reaches; a file judged by name waits for users_reach_by_name(). */
static struct err *reach_text(struct reach_job *job, const struct change *change,
			      struct file_users_vec *all)
{
	const char *path = change->path;
	struct file_users file = {.change = change};
	bool is_unit = reached_is_unit(job, path), only_comments;

	err_try(users_read_names(job, change, &file.names, &file.by_name, &only_comments));
	if (only_comments) {
		reach_only_comments(job, path);
		return NULL;
	}

	if (str_ends(path, ".rs")) {
		reach_rust(job, path);
		return NULL;
	}

	const char *lost =
		is_unit ? NULL
			: outside_units_why(job->spec->kbuild, &job->result->units[PRE], path);

	if (lost) {
		reached_lose(job, path, lost);
		return NULL;
	}
	file.in_other_image = reached_is_other_image(job, path);
	if (tree_is_source(path) && is_unit) {
		err_try(reach_check_removed(job, change));
		reached_add(job, path, REACH_SOURCE);
		if (change->moved_from && reached_is_unit(job, change->moved_from))
			reached_move(job, path, change->moved_from);
		file.in_kernel = true;
	}
	vec_push(all, file);

	struct file_users *users = &all->data[all->len - 1];

	err_try(users_find(job, users));
	for (size_t i = 0; !users->by_name && i < users->units.len; i++)
		reached_add(job, users->units.data[i], REACH_INCLUDE);
	users->in_kernel |= users->units.len && !users->by_name;
	return NULL;
}

static struct err *reach_change(struct reach_job *job, const struct change *change,
				struct file_users_vec *all)
{
	const struct kbuild *kbuild = job->spec->kbuild;
	const char *path = change->path;

	if (tree_is_makefile(path)) {
		if (tree_is_foreign(kbuild, path) || tree_is_apart(path))
			reached_skip(job, path, tree_why_no_unit(kbuild, path));
		return NULL;
	}
	if (tree_is_configuration(path)) {
		reached_lose(job, path,
			     "changes the kernel configuration, which Suture does not track");
		return NULL;
	}
	if (!tree_is_foreign(kbuild, path))
		return reach_text(job, change, all);
	vec_push(all, (struct file_users){.change = change});
	return NULL;
}

/*
 * The files that units include may be generated from this file, or by a program that includes it:
 * in the folders whose makefiles name the file or the program.
 */
static void reach_generated(struct reach_job *job, struct file_users *file)
{
	const char *path = file->change->path;
	const char *source = job->spec->kbuild->target->source;
	scope_str_vec dirs = {};
	size_t named;

	if (file->programs.len)
		str_vec_add(&job->result->program_files, path);
	if (reached_is_unit(job, path) || tree_is_foreign(job->spec->kbuild, path) ||
	    tree_is_apart(path))
		return;
	generators_find_dirs(source, path, &dirs);
	str_vec_sort_unique(&dirs);
	named = dirs.len;
	vec_foreach(&dirs, it)
		file->in_kernel |= reached_add_folder(job, *it, &file->made);
	vec_foreach(file->by_name ? &file->noticing : &file->programs, it)
		generators_find_program_dirs(source, &job->result->units[PRE], *it, &dirs);
	file->by_program = dirs.len > named;
	file->generates = dirs.len;
	/* Programs that include a header usually generate files from another input. */
	file->made &= named || !str_ends(path, ".h");
}

/* Whether the patched text of a changed file includes a file of that name. */
static struct err *reach_change_includes(const struct change *change, const char *name,
					 bool *includes)
{
	struct include_line_vec lines = {};
	scope_file_map map = {};

	if (!change->file || !(tree_is_source(change->path) || str_ends(change->path, ".h") ||
			       str_ends(change->path, ".inc")))
		return NULL;
	err_try(file_map(change->file, &map));
	include_lines_scan((const char *)map.bytes.data, map.bytes.size, &lines);
	vec_foreach(&lines, it)
		*includes |= !strcmp(path_base(it->name), name);
	include_line_vec_free(&lines);
	return NULL;
}

/*
 * A new header, or another new text, is in no graph of the kernel's includes, but files that the
 * patch changes may include it: these are reached anyway.
 */
static struct err *reach_new_text(struct reach_job *job, struct file_users *file)
{
	const struct change *change = file->change;

	if (change->kind != CHANGE_ADDED || reached_is_unit(job, change->path))
		return NULL;
	vec_foreach(&job->spec->changes->changes, it)
		if (it != change)
			err_try(reach_change_includes(it, path_base(change->path),
						      &file->in_kernel));
	return NULL;
}

/*
 * Reports a file, or the part of it that reaches nothing, once everything that it reaches is known.
 */
static void reach_report_rest(struct reach_job *job, const struct file_users *file)
{
	const struct kbuild *kbuild = job->spec->kbuild;
	const char *path = file->change->path;
	bool followed = file->in_kernel && (!file->made || str_ends(path, ".h"));

	/* For example, the names of processor features are generated from cpufeatures.h. */
	if (file->in_kernel && file->made && followed)
		reached_lose_part(job, path,
				  "changes of the source files generated from it are not tracked");
	if (file->in_vdso)
		reached_lose(
			job, path,
			"the vDSO also contains this code, and a live patch cannot change the vDSO");
	if (file->by_program)
		reached_lose(
			job, path,
			"a program that generates other files includes it, and only the unpatched program is run");
	if (followed || file->in_vdso || file->by_program)
		return;
	if (file->in_other_image)
		reached_lose(
			job, path,
			"this code is part of the vDSO or the boot code, which a live patch cannot change");
	else if (file->generates || tree_may_generate(kbuild, path))
		reached_lose(job, path,
			     "other files are generated from this one; Suture tracks only objects");
	else if (file->units.len)
		reached_skip(job, path, "no file that this kernel builds uses what changed in it");
	else if (tree_could_be_unit(kbuild, path))
		reached_add(job, path, REACH_SOURCE); /* as a unit that is not built */
	else
		reached_skip(job, path, tree_why_no_unit(kbuild, path));
}

static struct err *reach_all(struct reach_job *job, struct file_users_vec *all)
{
	vec_foreach(&job->spec->changes->changes, it)
		err_try(reach_change(job, it, all));
	err_try(users_reach_by_name(job, all));
	vec_foreach(all, it) {
		err_try(reach_new_text(job, it));
		reach_generated(job, it);
	}
	vec_foreach(all, it)
		reach_report_rest(job, it);
	err_try(reach_by_makefiles(job));
	return altered_mark(job);
}

static struct err *reach_units(struct reach_job *job)
{
	const struct reach_spec *spec = job->spec;
	struct file_users_vec all = {};

	err_try(kbuild_units_load(spec->kbuild, spec->work, job->progress,
				  &job->result->units[PRE]));
	err_try(reach_walk_patched(job));

	struct err *err = reach_all(job, &all);

	file_users_vec_free(&all);
	return err;
}

struct err *reach_find(const struct reach_spec *spec, struct progress *progress,
		       struct reach_result **reachp)
{
	scope_reach_result reach = xcalloc(1, sizeof(*reach));
	struct reach_job job = {.spec = spec, .progress = progress, .result = reach};
	struct err *err = reach_units(&job);

	spread_free(job.spread);
	str_vec_free(&job.includers);
	strmap_free(&job.index);
	include_graph_free(job.graph);
	err_try(err);
	findings_sort_unique(&reach->findings);
	*reachp = take_ptr(reach);
	return NULL;
}

void reach_result_free(struct reach_result *reach)
{
	if (!reach)
		return;
	vec_foreach(&reach->reached, it) {
		free(it->source);
		free(it->object);
	}
	vec_free(&reach->reached);
	findings_free(&reach->findings);
	str_vec_free(&reach->program_files);
	for (enum side side = PRE; side < NR_SIDES; side++)
		kbuild_units_free(&reach->units[side]);
	free(reach);
}

void reach_result_freep(struct reach_result **reachp)
{
	reach_result_free(*reachp);
}

struct err *reach_prepare(const struct kbuild *kbuild, const char *work, struct progress *progress)
{
	scope_kbuild_units units = {};
	scope_include_graph graph = NULL;

	err_try(kbuild_units_load(kbuild, work, progress, &units));
	return include_graph_load(kbuild, &units, progress, &graph);
}
