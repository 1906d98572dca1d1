/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the users of a changed file, and those of them that name what it changes. */
#include "reach/users.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "reach/changed_names.h"
#include "reach/include_graph_load.h"
#include "reach/spread.h"
#include "reach/tree_files.h"

void file_users_vec_free(struct file_users_vec *files)
{
	vec_foreach(files, it) {
		str_vec_free(&it->units);
		str_vec_free(&it->vdso);
		str_vec_free(&it->programs);
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

	if (!job->graph)
		err_try(include_graph_load(job->spec->kbuild, &job->result->units[PRE],
					   job->progress, &job->graph));
	include_graph_users(job->graph, path, &users);
	vec_foreach(&users, it) {
		file->in_other_image |= reached_is_other_image(job, *it);
		/* Of the other images, only the vDSO is used while the kernel runs. */
		if (reached_is_other_image(job, *it) && strstr(*it, "/vdso/"))
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
static void users_list(const struct file_users_vec *files, struct str_vec *users)
{
	vec_foreach(files, file) {
		for (size_t i = 0; file->by_name && i < file->units.len; i++)
			vec_push(users, xstrdup(file->units.data[i]));
		for (size_t i = 0; file->by_name && i < file->vdso.len; i++)
			vec_push(users, xstrdup(file->vdso.data[i]));
	}
	str_vec_sort_unique(users);
}

static int users_compare(const void *key, const void *element)
{
	return strcmp(key, *(char *const *)element);
}

static bool users_has_reached(const struct str_vec *users, const bool *reached, const char *user)
{
	char **found = bsearch(user, users->data, users->len, sizeof(*users->data), users_compare);

	return found && reached[found - users->data];
}

struct err *users_reach_by_name(struct reach_job *job, struct file_users_vec *files,
				const struct str_vec *names)
{
	const struct target *target = job->spec->kbuild->target;
	scope_str_vec users = {};

	users_list(files, &users);
	if (!users.len)
		return NULL;

	scope_free bool *reached = xcalloc(users.len, sizeof(*reached));

	err_try(spread_names(
		&(struct spread_spec){
			.graph = job->graph,
			.source = target->source,
			.build = target->build_dir,
			.names = names,
			.includers = &users,
			.progress = job->progress,
		},
		reached));
	vec_foreach(files, file) {
		for (size_t i = 0; file->by_name && i < file->units.len; i++) {
			if (!users_has_reached(&users, reached, file->units.data[i]))
				continue;
			reached_add(job, file->units.data[i], REACH_INCLUDE);
			file->in_kernel = true;
		}
		for (size_t i = 0; file->by_name && i < file->vdso.len; i++)
			file->in_vdso |= users_has_reached(&users, reached, file->vdso.data[i]);
	}
	return NULL;
}
