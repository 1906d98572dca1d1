/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the modules of a release's folder, and orders what has to be loaded for one of them. */
#include "vm/module_tree.h"

#include <errno.h>
#include <fts.h>
#include <string.h>

#include "base/strbuf.h"

struct tree_entry {
	char *name, *path;
	bool open;    /* the file has been read */
	bool visited; /* its dependencies are being collected, or have been */
	struct vm_module_file file;
};

struct module_tree {
	struct tree_entries VEC(struct tree_entry) entries; /* sorted by name */
	char *dir;
};

static int module_tree_compare(const void *a, const void *b)
{
	return strcmp(((const struct tree_entry *)a)->name, ((const struct tree_entry *)b)->name);
}

static struct tree_entry *find_entry(const struct module_tree *tree, const char *name)
{
	const struct tree_entry key = {.name = (char *)name};

	if (!tree->entries.len)
		return NULL;
	return bsearch(&key, tree->entries.data, tree->entries.len, sizeof(key),
		       module_tree_compare);
}

static bool is_module(const FTSENT *entry)
{
	const char *ext = strstr(entry->fts_name, ".ko");

	return entry->fts_info == FTS_F && ext && (!ext[3] || ext[3] == '.') &&
	       !strpbrk(entry->fts_name, " \t\n"); /* a name is one word of a plan */
}

static struct err *module_tree_collect(struct module_tree *tree)
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
		      module_tree_compare);
	return NULL;
}

struct err *module_tree_open(const char *dir, struct module_tree **treep)
{
	scope_module_tree tree = xcalloc(1, sizeof(*tree));

	if (dir) {
		tree->dir = xstrdup(dir);
		if (!dir_exists(dir))
			return err_new("%s: this is not a folder", dir);
		err_try(module_tree_collect(tree));
	}
	*treep = take_ptr(tree);
	return NULL;
}

void module_tree_free(struct module_tree *tree)
{
	if (!tree)
		return;
	vec_foreach(&tree->entries, entry) {
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

static struct err *open_entry(struct tree_entry *entry)
{
	if (entry->open)
		return NULL;
	entry->open = true;
	return module_file_open(entry->path, &entry->file);
}

static bool has_alias(const struct tree_entry *entry, const char *alias)
{
	vec_foreach(&entry->file.aliases, it) {
		if (!strcmp(*it, alias) ||
		    (str_starts(*it, "crypto-") && !strcmp(*it + strlen("crypto-"), alias)))
			return true;
	}
	return false;
}

/*
 * Returns whether the module implements algorithms; they are in kernel/crypto and
 * kernel/arch/x86/crypto, while drivers/crypto serves devices.
 */
static bool is_crypto(const struct tree_entry *entry)
{
	return strstr(entry->path, "/crypto/") && !strstr(entry->path, "/drivers/");
}

/*
 * Finds what a soft dependency names, a module or an alias.  The aliases that matter are those of
 * algorithms (libcrc32c cannot be loaded without some "crc32c"), so only the crypto folders are
 * searched for them.  A generic implementation is preferred, as it needs no special processor.
 */
static struct tree_entry *find_wish(struct module_tree *tree, const char *wish)
{
	scope_free char *name = module_name_of_path(wish);
	struct tree_entry *found = find_entry(tree, name);

	if (found)
		return found;
	vec_foreach(&tree->entries, entry) {
		if (!strstr(entry->path, "/crypto/"))
			continue;
		err_free(open_entry(entry)); /* a broken file has no aliases */
		if (has_alias(entry, wish) && (!found || str_ends(entry->name, "_generic")))
			found = entry;
	}
	return found;
}

static struct err *add_in_order(struct module_tree *tree, const char *name, struct str_vec *order);

static struct err *add_dependencies(struct module_tree *tree, const struct vm_module_file *file,
				    struct str_vec *order)
{
	vec_foreach(&file->wishes, wish) {
		const struct tree_entry *entry = find_wish(tree, *wish);

		if (entry)
			err_free(module_tree_order(tree, entry->name, order));
	}
	vec_foreach(&file->depends, dependency)
		err_try(err_wrap(add_in_order(tree, *dependency, order), "needs %s", *dependency));
	return NULL;
}

static struct err *add_in_order(struct module_tree *tree, const char *name, struct str_vec *order)
{
	struct tree_entry *entry = find_entry(tree, name);

	if (!entry)
		return err_new("the module does not exist%s%s", tree->dir ? " in " : "",
			       tree->dir ? tree->dir : "");
	if (entry->visited || str_vec_has(order, name))
		return NULL;
	err_try(open_entry(entry));
	entry->visited = true; /* set first, as modules may name each other in a circle */

	struct err *err = add_dependencies(tree, &entry->file, order);

	entry->visited = false;
	if (!err)
		vec_push(order, xstrdup(name));
	return err;
}

struct err *module_tree_order(struct module_tree *tree, const char *name, struct str_vec *order)
{
	size_t before = order->len;
	struct err *err = add_in_order(tree, name, order);

	while (err && order->len > before)
		free(order->data[--order->len]);
	return err;
}

void module_tree_order_crypto(struct module_tree *tree, struct str_vec *order)
{
	vec_foreach(&tree->entries, entry) {
		if (is_crypto(entry))
			err_free(module_tree_order(tree, entry->name, order));
	}
}

const struct vm_module_file *module_tree_file(const struct module_tree *tree, const char *name)
{
	const struct tree_entry *entry = find_entry(tree, name);

	return entry && entry->open ? &entry->file : NULL;
}
