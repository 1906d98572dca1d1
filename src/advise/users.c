/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Indexes which process uses which file. */
#include "advise/users.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/lower_bound.h"

struct user {
	const char *path; /* the file's path without /usr */
	size_t process;
};

struct users {
	struct VEC(struct user) list; /* sorted by path */
};

/* Removes /usr: /bin, /sbin and /lib* may be links into it, and packages may list both paths. */
static const char *without_usr(const char *path)
{
	return str_starts(path, "/usr/bin/") || str_starts(path, "/usr/sbin/") ||
			       str_starts(path, "/usr/lib")
		       ? path + strlen("/usr")
		       : path;
}

static int compare_users(const void *a, const void *b)
{
	const struct user *x = a, *y = b;
	int diff = strcmp(x->path, y->path);

	return diff ? diff : (x->process > y->process) - (x->process < y->process);
}

struct users *users_new(const struct scan *scan)
{
	struct users *users = xcalloc(1, sizeof(*users));

	for (size_t i = 0; i < scan->processes.len; i++) {
		const struct process *process = &scan->processes.data[i];

		if (process->foreign)
			continue; /* its files are not of the machine's packages */
		vec_foreach(&process->files, file)
			vec_push(&users->list, (struct user){without_usr((*file)->path), i});
	}
	if (users->list.len)
		qsort(users->list.data, users->list.len, sizeof(*users->list.data), compare_users);
	return users;
}

void users_free(struct users *users)
{
	if (users)
		vec_free(&users->list);
	free(users);
}

static size_t users_first_of(const struct users *users, const char *path)
{
	return lower_bound(users->list.data, users->list.len, it, strcmp(it->path, path) < 0);
}

void users_of(const struct users *users, const char *path, struct process_index_vec *found)
{
	path = without_usr(path);
	for (size_t i = users_first_of(users, path);
	     i < users->list.len && !strcmp(users->list.data[i].path, path); i++)
		vec_push(found, users->list.data[i].process);
}
