/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the units whose patched objects may differ from those of the build before. */
#include "reach/altered.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "reach/include_scan.h"
#include "reach/reached.h"
#include "reach/spread.h"
#include "reach/tree_files.h"
#include "reach/users.h"

void altered_files_free(struct altered_file_vec *files)
{
	vec_foreach(files, it) {
		free(it->path);
		free(it->last);
		if (it->names)
			str_vec_free(it->names);
		free(it->names);
	}
	vec_free(files);
}

static void altered_mark_unit(struct reach_job *job, const char *source)
{
	struct reached_unit *unit = reached_find(job, source);

	if (unit)
		unit->reasons |= REACH_ALTERED;
}

/* Marks the unit made from this file, and those that may include it. */
static void altered_mark_all_users(struct reach_job *job, const char *path)
{
	scope_str_vec users = {};

	altered_mark_unit(job, path);
	include_graph_users(job->graph, path, &users);
	vec_foreach(&users, it)
		altered_mark_unit(job, *it);
}

static struct err *altered_mark_by_name(struct reach_job *job, const struct altered_file *file)
{
	scope_free char *before = xasprintf("%s/%s", job->spec->kbuild->target->source, file->path);
	scope_free bool *reached = xcalloc(job->includers.len + 1, sizeof(*reached));
	scope_str_vec functions = {};
	scope_str_vec users = {};

	err_try(users_find_functions(before, file->last, file->names, &functions));
	err_try(spread_names(job->spread, file->names, &functions, reached));
	include_graph_users(job->graph, file->path, &users);
	vec_foreach(&users, it) {
		char **found = str_vec_find_sorted(&job->includers, *it);

		if (!found || reached[found - job->includers.data])
			altered_mark_unit(job, *it);
	}
	return NULL;
}

/* A file that its change makes include another one, which is only known without its folder. */
struct new_include {
	const char *path;
	char *name;
};

struct new_include_vec VEC(struct new_include);

static void new_includes_free(struct new_include_vec *includes)
{
	vec_foreach(includes, it)
		free(it->name);
	vec_free(includes);
}

/* Lists the names, without folders, of the files that a text includes; sorted. */
static struct err *altered_list_includes(const char *path, struct str_vec *names)
{
	struct include_line_vec lines = {};
	scope_file_map map = {};

	if (!file_exists(path))
		return NULL;
	err_try(file_map(path, &map));
	include_lines_scan((const char *)map.bytes.data, map.bytes.size, &lines);
	vec_foreach(&lines, it)
		vec_push(names, xstrdup(path_base(it->name)));
	include_line_vec_free(&lines);
	str_vec_sort_unique(names);
	return NULL;
}

/* The graph shows only what the unpatched files include. */
static struct err *altered_list_new_includes(const struct reach_job *job,
					     struct new_include_vec *includes)
{
	vec_foreach(&job->spec->changes->changes, change) {
		scope_free char *path =
			xasprintf("%s/%s", job->spec->kbuild->target->source, change->path);
		scope_str_vec before = {};
		scope_str_vec after = {};

		if (!change->file ||
		    (!tree_is_source(change->path) && !str_ends(change->path, ".h")))
			continue;
		err_try(altered_list_includes(path, &before));
		err_try(altered_list_includes(change->file, &after));
		vec_foreach(&after, it)
			if (!str_vec_find_sorted(&before, *it))
				vec_push(includes,
					 (struct new_include){change->path, take_ptr(*it)});
	}
	return NULL;
}

/* A makefile decides on the units of its folder and of those below. */
static void altered_mark_folder(struct reach_job *job, const char *makefile)
{
	size_t len = path_base(makefile) - makefile;

	vec_foreach(&job->result->reached, it)
		if (!strncmp(it->source, makefile, len))
			it->reasons |= REACH_ALTERED;
}

static struct err *altered_mark_file(struct reach_job *job, const struct altered_file *file,
				     const struct new_include_vec *includes)
{
	bool by_name = file->names && file->last && job->spread;

	if (file->names && !file->names->len)
		return NULL;
	if (tree_is_makefile(file->path))
		altered_mark_folder(job, file->path);
	vec_foreach(includes, it)
		if (!strcmp(it->name, path_base(file->path)))
			altered_mark_all_users(job, it->path);
	if (by_name)
		return altered_mark_by_name(job, file);
	altered_mark_all_users(job, file->path);
	return NULL;
}

static struct err *altered_mark_files(struct reach_job *job)
{
	struct new_include_vec includes = {};
	struct err *err = altered_list_new_includes(job, &includes);

	vec_foreach(job->spec->altered, it)
		if (!err)
			err = altered_mark_file(job, it, &includes);
	new_includes_free(&includes);
	return err;
}

struct err *altered_mark(struct reach_job *job)
{
	const struct altered_file_vec *altered = job->spec->altered;
	bool all = false;

	if (!altered)
		return NULL;
	err_try(reached_load_graph(job));
	/* Other files, such as those that some are generated from, may affect any unit. */
	vec_foreach(altered, it)
		all |= !tree_is_apart(it->path) && !tree_is_source(it->path) &&
		       !str_ends(it->path, ".h") &&
		       (!tree_is_makefile(it->path) ||
			tree_is_global_makefile(job->spec->kbuild, it->path));
	vec_foreach(&job->result->reached, it)
		if (all)
			it->reasons |= REACH_ALTERED;
	return all ? NULL : altered_mark_files(job);
}
