/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists removed temporary files that processes run, after asking dpkg whose they are. */
#include "advise/temporary.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

#define DPKG_INFO "/var/lib/dpkg/info"

static bool has_temporary(const struct scan *scan)
{
	vec_foreach(&scan->processes, it)
		if (it->nr_temporary)
			return true;
	return false;
}

/* Returns whether a list of files, one a line, has the path. */
static bool list_has(const char *list, const char *path)
{
	size_t len = strlen(path);

	for (const char *at = list; (at = strstr(at, path)); at += len)
		if ((at == list || at[-1] == '\n') && (at[len] == '\n' || !at[len]))
			return true;
	return false;
}

static void drop_listed(const char *list, struct scan *scan)
{
	vec_foreach(&scan->processes, process)
		vec_foreach(&process->files, file)
			if ((*file)->state == FILE_TEMPORARY && list_has(list, (*file)->path))
				scan_files_set_owned(scan->files, *file);
}

static void count_again(struct process *process)
{
	process->nr_temporary = process->nr_stale = 0;
	vec_foreach(&process->files, file) {
		process->nr_temporary += (*file)->state == FILE_TEMPORARY;
		process->nr_stale += file_use_is_stale(*file);
	}
}

void temporary_drop_owned(const struct root *root, struct scan *scan)
{
	scope_str_vec names = {};

	if (!has_temporary(scan))
		return;
	err_free(root_list(root, DPKG_INFO, &names)); /* other distributions have none */
	vec_foreach(&names, name) {
		scope_free char *path = xasprintf(DPKG_INFO "/%s", *name);
		scope_free char *list = NULL;

		if (!str_ends(*name, ".list"))
			continue;
		err_free(root_read(root, path, &list));
		if (list)
			drop_listed(list, scan);
	}
	vec_foreach(&scan->processes, process)
		count_again(process);
}

void temporary_list(const struct scan *scan, struct advice *advice)
{
	vec_foreach(&scan->processes, process)
		vec_foreach(&process->files, file)
			if ((*file)->state == FILE_TEMPORARY)
				vec_push(&advice->temporary,
					 (struct advise_temporary){
						 .pid = process->pid,
						 .program = xstrdup(process->comm),
						 .file = xstrdup((*file)->path),
					 });
	if (advice->temporary.len)
		vec_push(
			&advice->notes,
			xasprintf(
				"%s (process %d) runs %s, which was removed, belongs to no package and has no successor: it is taken for temporary code that needs no restart (%zu such file%s)",
				advice->temporary.data[0].program, advice->temporary.data[0].pid,
				advice->temporary.data[0].file, advice->temporary.len,
				advice->temporary.len > 1 ? "s" : ""));
}

void temporary_free(struct advise_temporary_vec *temporary)
{
	vec_foreach(temporary, it) {
		free(it->program);
		free(it->file);
	}
	vec_free(temporary);
}
