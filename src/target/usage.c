/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the entries of the cache with their size and last use, and removes old ones. */
#include "target/usage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "target/tools.h"

#define BLOCK_BYTES 512	 /* unit of st_blocks: inode(7) */
#define MAX_FOLDERS 4096 /* no path of the kernel leads deeper */

/* The time of change of this file is the time at which the entry was last used. */
#define USED_NAME ".used"

/* Answers of makefiles belong to their kernel. The order of kinds decides between equal times. */
static const struct {
	const char *folder, *kind;
} usage_kinds[] = {{"kernels", "kernel"},
		   {"local", "local"},
		   {"sources", "source"},
		   {"toolchains", "toolchain"},
		   {"download", "download"}};

/* The package lists of archives that the host does not have are one entry. */
#define LISTS "apt"

void usage_touch(const char *path)
{
	scope_free char *used = xasprintf("%s/" USED_NAME, path);
	int fd = open(used, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd >= 0) {
		futimens(fd, NULL);
		close(fd);
	}
}

void usage_hold(const char *path, int *lock)
{
	*lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*lock < 0)
		return;
	if (flock(*lock, LOCK_SH | LOCK_NB) < 0) {
		close(*lock);
		*lock = -1;
	}
}

void usage_begin(const char *path, int *lock)
{
	usage_hold(path, lock);
	if (*lock >= 0)
		usage_touch(path);
}

void usages_free(struct usage_vec *usages)
{
	vec_foreach(usages, it) {
		free(it->name);
		free(it->path);
	}
	vec_free(usages);
}

static bool is_answers(const char *name)
{
	return str_starts(name, "kbuild-");
}

/* Returns the space that a folder takes on disk. Does not follow links; closes fd. */
static uint64_t usage_bytes(int fd, bool with_answers, unsigned depth)
{
	DIR *dir = depth < MAX_FOLDERS ? fdopendir(fd) : NULL;
	uint64_t bytes = 0;

	if (!dir) {
		close(fd);
		return 0;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		struct stat st;
		int below;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    (!with_answers && is_answers(entry->d_name)) ||
		    fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		bytes += (uint64_t)st.st_blocks * BLOCK_BYTES;
		if (!S_ISDIR(st.st_mode))
			continue;
		below = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below >= 0)
			bytes += usage_bytes(below, true, depth + 1);
	}
	closedir(dir);
	return bytes;
}

/* Returns the folder that users of the entry lock: answers are used with their kernel. */
static char *usage_locked_path(const struct usage *usage)
{
	return strcmp(usage->kind, "answers") ? xstrdup(usage->path) : path_parent(usage->path);
}

/* Takes the exclusive lock; returns -1 if somebody uses the entry. */
static int usage_lock(const struct usage *usage)
{
	scope_free char *path = usage_locked_path(usage);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void usage_add(struct usage_vec *usages, const char *kind, const char *path,
		      const char *name)
{
	struct usage usage = {.kind = kind, .name = xstrdup(name), .path = xstrdup(path)};
	scope_free char *used = xasprintf("%s/" USED_NAME, path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), lock;
	struct stat st;

	if (!stat(used, &st) || !stat(path, &st))
		usage.used = st.st_mtime;
	if (fd >= 0)
		usage.bytes = usage_bytes(fd, false, 0);
	lock = usage_lock(&usage);
	usage.in_use = lock < 0;
	if (lock >= 0)
		close(lock);
	vec_push(usages, usage);
}

/* Lists folders below path, except hidden and incomplete ones. */
static struct err *usage_folders(const char *path, struct str_vec *names)
{
	DIR *dir = opendir(path);

	if (!dir)
		return errno == ENOENT ? NULL : err_errno(errno, "%s", path);
	for (struct dirent *entry; (entry = readdir(dir));)
		if (*entry->d_name != '.' && !strstr(entry->d_name, ".partial."))
			vec_push(names, xstrdup(entry->d_name));
	closedir(dir);
	str_vec_sort_unique(names);
	return NULL;
}

static struct err *usage_add_answers(struct usage_vec *usages, const char *path, const char *name)
{
	scope_str_vec names = {};

	err_try(usage_folders(path, &names));
	vec_foreach(&names, it) {
		scope_free char *below = xasprintf("%s/%s", path, *it);
		scope_free char *full = xasprintf("%s/%s", name, *it);

		if (is_answers(*it) && dir_exists(below))
			usage_add(usages, "answers", below, full);
	}
	return NULL;
}

static int usage_rank(const struct usage *usage)
{
	static const char *const order[] = {"download", "answers",   "kernel", "local",
					    "source",	"toolchain", "lists"};

	for (size_t i = 0; i < array_size(order); i++)
		if (!strcmp(order[i], usage->kind))
			return i;
	return array_size(order);
}

static int compare_usages(const void *a_, const void *b_)
{
	const struct usage *a = a_, *b = b_;

	if (a->used != b->used)
		return a->used < b->used ? -1 : 1;
	if (usage_rank(a) != usage_rank(b))
		return usage_rank(a) - usage_rank(b);
	return strcmp(a->name, b->name);
}

static bool usage_is_in(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return !strncmp(path, folder, len) && path[len] == '/';
}

/*
 * Returns the toolchain that the tools of a kernel's build folder are started with, or NULL;
 * free().
 */
static char *usage_toolchain_of(const struct usage *kernel)
{
	scope_free char *mark = xasprintf("%s/build/" TOOLCHAIN_MARK, kernel->path);
	char *toolchain = NULL;

	if (!strcmp(kernel->kind, "kernel") && file_exists(mark))
		err_free(file_read(mark, &toolchain, NULL));
	return toolchain;
}

/* Marks toolchains that are needed to build for a kernel that is kept. */
static void usage_find_needed(struct usage_vec *usages)
{
	vec_foreach(usages, it)
		it->needed = false;
	vec_foreach(usages, kernel) {
		scope_free char *toolchain = kernel->removed ? NULL : usage_toolchain_of(kernel);

		vec_foreach(usages, it)
			it->needed |= toolchain && !strcmp(it->kind, "toolchain") &&
				      usage_is_in(toolchain, it->path);
	}
}

struct err *usage_list(const char *root, struct usage_vec *usages)
{
	for (size_t i = 0; i < array_size(usage_kinds); i++) {
		scope_free char *folder = xasprintf("%s/%s", root, usage_kinds[i].folder);
		scope_str_vec names = {};

		err_try(usage_folders(folder, &names));
		vec_foreach(&names, it) {
			scope_free char *path = xasprintf("%s/%s", folder, *it);

			if (!dir_exists(path))
				continue;
			usage_add(usages, usage_kinds[i].kind, path, *it);
			err_try(usage_add_answers(usages, path, *it));
		}
	}

	scope_free char *lists = xasprintf("%s/" LISTS, root);

	if (dir_exists(lists))
		usage_add(usages, "lists", lists, LISTS);
	usage_find_needed(usages);
	if (usages->len)
		qsort(usages->data, usages->len, sizeof(*usages->data), compare_usages);
	return NULL;
}

/* The folder is renamed before anything in it is removed, so that nobody finds it incomplete. */
static struct err *usage_remove(struct usage *usage)
{
	scope_free char *gone = xasprintf("%s.partial.%d", usage->path, (int)getpid());
	scope_close int lock = usage_lock(usage);

	usage->in_use = lock < 0;
	if (usage->in_use)
		return NULL;
	if (rename(usage->path, gone) < 0)
		return err_errno(errno, "%s: cannot be removed", usage->path);
	usage->removed = true;
	return dir_remove(gone);
}

/* Marks the entries that lie in this one, since they are removed with it. */
static void usage_mark_below(struct usage_vec *usages, const struct usage *removed)
{
	vec_foreach(usages, it)
		if (usage_is_in(it->path, removed->path))
			it->removed = true;
}

struct err *usage_prune(struct usage_vec *usages, time_t before, uint64_t most)
{
	uint64_t left = 0;

	vec_foreach(usages, it)
		left += it->bytes;
	vec_foreach(usages, it) {
		if (it->removed || (it->used >= before && left <= most))
			continue;
		usage_find_needed(usages);
		if (it->needed)
			continue;
		err_try(usage_remove(it));
		if (!it->removed)
			continue;
		usage_mark_below(usages, it);
		left = 0;
		vec_foreach(usages, other)
			left += other->removed ? 0 : other->bytes;
	}
	return NULL;
}
