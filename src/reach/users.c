/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the users of a changed file, and those of them that name what it changes. */
#include "reach/users.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "reach/changed_names.h"
#include "reach/chunk_kind.h"
#include "reach/spread.h"
#include "reach/tree_files.h"

void file_users_vec_free(struct file_users_vec *files)
{
	vec_foreach(files, it) {
		str_vec_free(&it->units);
		str_vec_free(&it->vdso);
		str_vec_free(&it->images);
		str_vec_free(&it->programs);
		str_vec_free(&it->noticing);
		str_vec_free(&it->names);
	}
	vec_free(files);
}

struct err *users_read_names(const struct reach_job *job, const struct change *change,
			     struct str_vec *names, bool *known, bool *only_comments)
{
	const char *path = change->path;
	scope_free char *before = xasprintf("%s/%s", job->spec->kbuild->target->source, path);
	scope_str_vec found = {};

	*known = *only_comments = false;
	if (change->kind != CHANGE_MODIFIED || !(str_ends(path, ".h") || tree_is_source(path)))
		return NULL;
	if (change->names && str_ends(path, ".h")) {
		*known = true;
		vec_foreach(change->names, it)
			vec_push(names, xstrdup(*it));
		return NULL;
	}
	err_try(changed_names_find(before, change->file, &found, known));
	*only_comments = *known && !found.len;
	*known &= str_ends(path, ".h");
	vec_foreach(&found, it) {
		if (*known)
			vec_push(names, take_ptr(*it));
	}
	return NULL;
}

struct err *users_find(struct reach_job *job, struct file_users *file)
{
	const char *path = file->change->path;
	scope_str_vec users = {};

	err_try(reached_load_graph(job));
	include_graph_users(job->graph, path, &users);
	vec_foreach(&users, it) {
		bool is_other = reached_is_other_image(job, *it);

		file->in_other_image |= is_other && !file->by_name;
		if (is_other && file->by_name)
			vec_push(&file->images, xstrdup(*it));
		/* Of the other images, only the vDSO is used while the kernel runs. */
		if (is_other && strstr(*it, "/vdso/"))
			vec_push(&file->vdso, xstrdup(*it));
		if (reached_is_unit(job, *it))
			vec_push(&file->units, take_ptr(*it));
		else if (reached_is_build_program(job, *it))
			vec_push(&file->programs, take_ptr(*it));
	}
	if (reached_is_build_program(job, path))
		vec_push(&file->programs, xstrdup(path));
	return NULL;
}

/* Lists the users of all files that are judged by name, each user once. */
static struct err *users_list(struct reach_job *job, const struct file_users_vec *files,
			      struct str_vec *users)
{
	vec_foreach(files, file) {
		const struct str_vec *const lists[] = {&file->units, &file->vdso, &file->images,
						       &file->programs};

		for (size_t i = 0; file->by_name && file->names.len && i < array_size(lists); i++)
			vec_foreach(lists[i], it)
				vec_push(users, xstrdup(*it));
	}
	for (size_t i = 0; job->spec->altered && i < job->spec->altered->len; i++) {
		const struct altered_file *file = &job->spec->altered->data[i];

		if (!file->names || !file->names->len)
			continue;
		err_try(reached_load_graph(job));
		include_graph_users(job->graph, file->path, users);
	}
	str_vec_sort_unique(users);
	return NULL;
}

static bool users_has_reached(const struct str_vec *users, const bool *reached, const char *user)
{
	char **found = str_vec_find_sorted(users, user);

	return found && reached[found - users->data];
}

/* Counts the units that include the file and may name what reached[] was found for. */
static size_t users_count_reached(const struct str_vec *users, const bool *reached,
				  const struct file_users *file)
{
	size_t count = 0;

	vec_foreach(&file->units, it)
		count += users_has_reached(users, reached, *it);
	return count;
}

/* Records that the change of a name would make too many units be compiled. */
static void users_lose_name(struct reach_job *job, const struct file_users *file, const char *name,
			    size_t count)
{
	finding_add(&job->result->findings, "change-lost", file->change->path, name,
		    "reboot for this change",
		    "%zu files of this kernel may depend on it, more than the limit of %zu", count,
		    job->spec->most_users);
}

/* Finds the names that too many units may use; if no name alone is, the whole file counts. */
static struct err *users_lose_wide_names(struct reach_job *job, struct file_users *file,
					 const struct str_vec *functions)
{
	const struct str_vec *users = &job->includers;
	bool any = false;

	vec_foreach(&file->names, it) {
		scope_free bool *reached = xcalloc(users->len, sizeof(*reached));
		const struct str_vec name = {it, 1, 0};
		size_t count;

		err_try(spread_names(job->spread, &name, functions, reached));
		count = users_count_reached(users, reached, file);
		if (count <= job->spec->most_users)
			continue;
		users_lose_name(job, file, *it, count);
		any = true;
	}
	if (!any)
		users_lose_name(job, file, NULL, file->units.len);
	return NULL;
}

struct err *users_find_functions(const char *before, const char *after, const struct str_vec *names,
				 struct str_vec *functions)
{
	scope_cfile one = {};
	scope_cfile two = {};

	err_try(cfile_read(before, &one));
	err_try(cfile_read(after, &two));
	vec_foreach(names, it)
		if (cfile_has_function(&one, *it) && cfile_has_function(&two, *it))
			vec_push(functions, xstrdup(*it));
	str_vec_sort_unique(functions);
	return NULL;
}

static struct err *users_reach_of_file(struct reach_job *job, struct file_users *file)
{
	const struct change *change = file->change;
	const struct str_vec *users = &job->includers;
	scope_free char *before =
		xasprintf("%s/%s", job->spec->kbuild->target->source, change->path);
	scope_free bool *reached = xcalloc(users->len, sizeof(*reached));
	size_t most = change->names ? job->spec->most_users : 0;
	scope_str_vec functions = {};
	size_t count;

	err_try(users_find_functions(before, change->file, &file->names, &functions));
	err_try(spread_names(job->spread, &file->names, &functions, reached));
	count = users_count_reached(users, reached, file);
	if (most && count > most) {
		file->in_kernel = true;
		return users_lose_wide_names(job, file, &functions);
	}
	vec_foreach(&file->units, it) {
		if (!users_has_reached(users, reached, *it))
			continue;
		reached_add(job, *it, REACH_INCLUDE);
		file->in_kernel = true;
	}
	vec_foreach(&file->vdso, it)
		file->in_vdso |= users_has_reached(users, reached, *it);
	vec_foreach(&file->images, it)
		file->in_other_image |= users_has_reached(users, reached, *it);
	vec_foreach(&file->programs, it)
		if (users_has_reached(users, reached, *it))
			vec_push(&file->noticing, xstrdup(*it));
	return NULL;
}

struct err *users_reach_by_name(struct reach_job *job, struct file_users_vec *files)
{
	const struct target *target = job->spec->kbuild->target;

	err_try(users_list(job, files, &job->includers));
	if (!job->includers.len)
		return NULL;

	const struct spread_spec spec = {
		.graph = job->graph,
		.source = target->source,
		.build = target->build_dir,
		.changes = job->spec->altered ? job->spec->changes : NULL,
		.includers = &job->includers,
		.progress = job->progress,
	};

	err_try(spread_open(&spec, &job->spread));
	/* A name means something only where the file that changes it is included. */
	vec_foreach(files, file)
		if (file->by_name && file->names.len)
			err_try(users_reach_of_file(job, file));
	return NULL;
}
