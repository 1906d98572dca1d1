/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dependencies come from each module's own "depends", which modpost writes, not from
 * modules.dep: depmod makes that when a package is installed, and a kernel that was
 * only unpacked has none.
 */
#include "vm/vm_internal.h"

#include <errno.h>
#include <fts.h>
#include <string.h>

struct tree_entry {
	char *name, *path;
	bool open;    /* file has been read */
	bool visited; /* its dependencies are being collected */
	struct module_file file;
};

struct module_tree {
	struct tree_entries VEC(struct tree_entry) entries; /* by name */
	char *dir;
};

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct tree_entry *)a)->name, ((const struct tree_entry *)b)->name);
}

static struct tree_entry *find_entry(const struct module_tree *tree, const char *name)
{
	const struct tree_entry key = {.name = (char *)name};

	if (!tree->entries.len)
		return NULL;
	return bsearch(&key, tree->entries.data, tree->entries.len, sizeof(key), compare_entries);
}

static bool is_module(const FTSENT *entry)
{
	const char *ext = strstr(entry->fts_name, ".ko");

	return entry->fts_info == FTS_F && ext && (!ext[3] || ext[3] == '.');
}

static struct err *collect(struct module_tree *tree)
{
	char *const roots[] = {tree->dir, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	if (!fts)
		return err_errno(errno, "%s", tree->dir);
	while ((entry = fts_read(fts))) {
		if (is_module(entry))
			vec_push(&tree->entries,
				 (struct tree_entry){.name = module_name_of_path(entry->fts_path),
						     .path = xstrdup(entry->fts_path)});
	}
	fts_close(fts);
	if (tree->entries.len)
		qsort(tree->entries.data, tree->entries.len, sizeof(*tree->entries.data),
		      compare_entries);
	return NULL;
}

struct err *module_tree_open(const char *dir, struct module_tree **treep)
{
	scope_module_tree tree = xcalloc(1, sizeof(*tree));

	if (dir) {
		tree->dir = xstrdup(dir);
		if (!dir_exists(dir))
			return err_new("%s: not a folder", dir);
		err_try(collect(tree));
	}
	*treep = take_ptr(tree);
	return NULL;
}

void module_tree_free(struct module_tree *tree)
{
	if (!tree)
		return;
	vec_foreach (&tree->entries, entry) {
		free(entry->name);
		free(entry->path);
		module_file_close(&entry->file);
	}
	vec_free(&tree->entries);
	free(tree->dir);
	free(tree);
}

void module_tree_freep(struct module_tree **treep)
{
	module_tree_free(*treep);
}

static bool contains(const struct str_vec *vec, const char *name)
{
	vec_foreach (vec, it) {
		if (!strcmp(*it, name))
			return true;
	}
	return false;
}

static struct err *add_in_order(struct module_tree *tree, const char *name, struct str_vec *order)
{
	struct tree_entry *entry = find_entry(tree, name);

	if (!entry)
		return err_new("no such module%s%s", tree->dir ? " in " : "",
			       tree->dir ? tree->dir : "");
	if (entry->visited || contains(order, name))
		return NULL;
	if (!entry->open) {
		entry->open = true;
		err_try(module_file_open(entry->path, &entry->file));
	}
	entry->visited = true; /* a loop in foreign files must not be one of ours */

	struct err *err = NULL;

	vec_foreach (&entry->file.depends, dependency) {
		if (!err)
			err = err_wrap(add_in_order(tree, *dependency, order), "needs %s",
				       *dependency);
	}
	entry->visited = false;
	err_try(err);
	vec_push(order, xstrdup(name));
	return NULL;
}

struct err *module_tree_order(struct module_tree *tree, const char *name, struct str_vec *order)
{
	size_t before = order->len;
	struct err *err = add_in_order(tree, name, order);

	while (err && order->len > before)
		free(order->data[--order->len]);
	return err;
}

const struct module_file *module_tree_file(const struct module_tree *tree, const char *name)
{
	const struct tree_entry *entry = find_entry(tree, name);

	return entry && entry->open ? &entry->file : NULL;
}
