/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares two source trees, by the checksums that were stored when they were unpacked or else
 * folder by folder. Files of the same size are compared byte by byte.
 */
#include "cover/tree_diff.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "target/sums.h"

void tree_changes_free(struct tree_change_vec *changes)
{
	vec_foreach(changes, it)
		free(it->path);
	vec_free(changes);
}

struct tree_pair {
	const char *root[2];
	struct progress *progress;
	struct tree_change_vec *changes;
	uint64_t nr_folders;
};

/* Returns whether no kernel for x86 contains the folder; its path ends with a slash. */
static bool tree_is_elsewhere(const char *path)
{
	static const char *const apart[] = {"Documentation/", "LICENSES/", "debian/", ".git/"};

	return str_is_among(path, apart, array_size(apart)) ||
	       (str_starts(path, "arch/") && strcmp(path, "arch/") &&
		!str_starts(path, "arch/x86/") && path[strlen(path) - 1] == '/');
}

static int tree_skip_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

static int tree_by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Reads the sorted names in a folder; a folder that does not exist has none. */
static struct err *tree_read_folder(const char *root, const char *folder, struct str_vec *names)
{
	scope_free char *path = xasprintf("%s/%s", root, folder);
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, tree_skip_dots, tree_by_bytes);

	if (count < 0)
		return errno == ENOENT ? NULL : err_errno(errno, "%s", path);
	for (int i = 0; i < count; i++) {
		vec_push(names, xstrdup(entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return NULL;
}

static struct err *tree_compare_links(const char *one, const char *two, bool *equal)
{
	char target[2][4096];
	ssize_t size[2] = {readlink(one, target[0], sizeof(target[0])),
			   readlink(two, target[1], sizeof(target[1]))};

	if (size[0] < 0 || size[1] < 0)
		return err_errno(errno, "%s", size[0] < 0 ? one : two);
	*equal = size[0] == size[1] && !memcmp(target[0], target[1], size[0]);
	return NULL;
}

static struct err *tree_compare_files(const char *one, const char *two, const struct stat *st,
				      bool *equal)
{
	if ((st[0].st_mode & S_IFMT) != (st[1].st_mode & S_IFMT) || st[0].st_size != st[1].st_size)
		return NULL;
	return S_ISLNK(st[0].st_mode) ? tree_compare_links(one, two, equal)
				      : file_equal(one, two, equal);
}

/* Follows a link that only one tree has, since a tree may consist of links into the other. */
static void tree_follow_one(const char *one, const char *two, struct stat *st)
{
	struct stat behind;

	if (S_ISLNK(st[0].st_mode) == S_ISLNK(st[1].st_mode))
		return;
	if (S_ISLNK(st[0].st_mode) && !stat(one, &behind))
		st[0] = behind;
	else if (S_ISLNK(st[1].st_mode) && !stat(two, &behind))
		st[1] = behind;
}

static struct err *tree_walk(struct tree_pair *pair, const char *folder);

/* Compares one name of a folder; has[] says which trees contain it. */
static struct err *tree_visit(struct tree_pair *pair, const char *path, const bool *has)
{
	scope_free char *one = xasprintf("%s/%s", pair->root[0], path);
	scope_free char *two = xasprintf("%s/%s", pair->root[1], path);
	struct stat st[2] = {};
	bool equal = false;

	if (has[0] && lstat(one, &st[0]))
		return err_errno(errno, "%s", one);
	if (has[1] && lstat(two, &st[1]))
		return err_errno(errno, "%s", two);
	if (has[0] && has[1])
		tree_follow_one(one, two, st);
	if (has[0] && has[1] && st[0].st_dev == st[1].st_dev && st[0].st_ino == st[1].st_ino)
		return NULL;
	if (S_ISDIR(st[0].st_mode) || S_ISDIR(st[1].st_mode)) {
		scope_free char *below = xasprintf("%s/", path);

		if ((has[0] && !S_ISDIR(st[0].st_mode)) || (has[1] && !S_ISDIR(st[1].st_mode)))
			return err_new("%s: it is a folder in one source and a file in the other",
				       path);
		return tree_is_elsewhere(below) ? NULL : tree_walk(pair, below);
	}
	if (has[0] && has[1])
		err_try(tree_compare_files(one, two, st, &equal));
	if (!equal)
		vec_push(pair->changes, (struct tree_change){xstrdup(path), has[0], has[1]});
	return NULL;
}

/* Visits each name that is in one or both of the two sorted lists. */
static struct err *tree_visit_all(struct tree_pair *pair, const char *folder,
				  const struct str_vec *before, const struct str_vec *after)
{
	size_t one = 0, two = 0;

	while (one < before->len || two < after->len) {
		const char *first = one < before->len ? before->data[one] : NULL;
		const char *second = two < after->len ? after->data[two] : NULL;
		int order = !first ? 1 : !second ? -1 : strcmp(first, second);
		bool has[2] = {order <= 0, order >= 0};
		scope_free char *path = xasprintf("%s%s", folder, has[0] ? first : second);

		err_try(tree_visit(pair, path, has));
		one += has[0];
		two += has[1];
	}
	return NULL;
}

/* Compares a folder with all below it; its path is "" or ends with a slash. */
static struct err *tree_walk(struct tree_pair *pair, const char *folder)
{
	scope_str_vec before = {}, after = {};

	if (interrupt_pending())
		return interrupt_error();
	progress_update(pair->progress, ++pair->nr_folders);
	err_try(tree_read_folder(pair->root[0], folder, &before));
	err_try(tree_read_folder(pair->root[1], folder, &after));
	return tree_visit_all(pair, folder, &before, &after);
}

/* Adds a path whose checksums differ, unless it is in a folder that is skipped. */
static void tree_add_sum(struct tree_pair *pair, const char *path, bool before, bool after)
{
	for (const char *at = path; (at = strchr(at, '/')); at++) {
		scope_free char *folder = xstrndup(path, at + 1 - path);

		if (tree_is_elsewhere(folder))
			return;
	}
	vec_push(pair->changes, (struct tree_change){xstrdup(path), before, after});
}

static void tree_compare_sums(struct tree_pair *pair, const struct sum_vec *before,
			      const struct sum_vec *after)
{
	size_t one = 0, two = 0;

	while (one < before->len || two < after->len) {
		const struct sum *first = one < before->len ? &before->data[one] : NULL;
		const struct sum *second = two < after->len ? &after->data[two] : NULL;
		int order = !first ? 1 : !second ? -1 : strcmp(first->path, second->path);

		if (order || first->high != second->high || first->low != second->low)
			tree_add_sum(pair, order <= 0 ? first->path : second->path, order <= 0,
				     order >= 0);
		one += order <= 0;
		two += order >= 0;
	}
}

/* Compares the checksums from unpacking; sets *done if both trees have them. */
static struct err *tree_diff_sums(struct tree_pair *pair, bool *done)
{
	scope_sums before = {}, after = {};
	bool known;

	*done = false;
	err_try(sums_read(pair->root[0], &before, &known));
	if (!known)
		return NULL;
	err_try(sums_read(pair->root[1], &after, done));
	if (*done)
		tree_compare_sums(pair, &before, &after);
	return NULL;
}

struct err *tree_diff(const char *before, const char *after, struct progress *progress,
		      struct tree_change_vec *changes)
{
	struct tree_pair pair = {.root = {before, after}, .progress = progress, .changes = changes};

	bool done;

	err_try(tree_diff_sums(&pair, &done));
	if (done)
		return NULL;
	progress_begin(progress, "comparing the sources", 0, PROGRESS_COUNT);

	struct err *err = tree_walk(&pair, "");

	progress_end(progress);
	return err;
}
