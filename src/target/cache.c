/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes entries of the cache appear whole or not at all, and takes locks on them. */
#include "target/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "target/target.h"

/* Bumped whenever what an entry holds changes. */
#define STAMP_FORMAT 1
#define STAMP_NAME "stamp.json"

#define PARTIAL ".partial"

/* Between the making of a partial folder and its lock. */
#define LEFTOVER_AGE_SECONDS 60

char *target_cache_dir(void)
{
	const char *own = getenv("SUTURE_CACHE"), *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (own && *own)
		return xstrdup(own);
	if (!geteuid())
		return xstrdup("/var/cache/suture");
	if (xdg && *xdg == '/')
		return xasprintf("%s/suture", xdg);
	return xasprintf("%s/.cache/suture", home && *home ? home : "/var/tmp");
}

struct err *cache_root(char **root)
{
	scope_free char *dir = target_cache_dir();

	if (*dir == '/') {
		*root = take_ptr(dir);
		return NULL;
	}

	scope_free char *here = getcwd(NULL, 0);

	if (!here)
		return err_errno(errno, "the working directory is not known");
	*root = xasprintf("%s/%s", here, dir);
	return NULL;
}

json_t *cache_stamp(const char *path)
{
	scope_free char *file = xasprintf("%s/" STAMP_NAME, path);
	scope_json stamp = json_load_file(file, 0, NULL);

	return json_integer_value(json_object_get(stamp, "format")) == STAMP_FORMAT
		       ? take_ptr(stamp)
		       : NULL;
}

struct err *cache_lock(const char *root, const char *name, struct progress *progress, int *fd)
{
	scope_free char *folder = xasprintf("%s/lock", root);
	scope_free char *path = xasprintf("%s/%s", folder, name);

	err_try(err_wrap(dir_make(folder), "cache (SUTURE_CACHE can name another)"));

	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (lock < 0)
		return err_errno(errno, "cache (SUTURE_CACHE can name another): %s", path);
	if (!flock(lock, LOCK_EX | LOCK_NB)) {
		*fd = lock;
		return NULL;
	}
	close(lock);
	progress_note(progress, "waiting for another process that works on %s in the cache", name);
	return file_lock(path, fd);
}

/* A partial folder belongs to a living process as long as that one holds a lock on it. */
static void remove_leftover(const char *path)
{
	scope_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || time(NULL) - st.st_mtime < LEFTOVER_AGE_SECONDS)
		return;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		err_free(dir_remove(path)); /* the next run tries again */
}

static void cache_remove_leftovers(const char *folder)
{
	DIR *dir = opendir(folder);

	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		scope_free char *path = xasprintf("%s/%s", folder, entry->d_name);

		if (strstr(entry->d_name, PARTIAL "."))
			remove_leftover(path);
	}
	closedir(dir);
}

struct err *cache_begin(const char *root, const char *kind, const char *name,
			struct cache_new *entry)
{
	scope_free char *folder = xasprintf("%s/%s", root, kind);
	scope_free char *prefix = xasprintf("%s" PARTIAL, name);

	err_try(err_wrap(dir_make(folder), "cache"));
	cache_remove_leftovers(folder);
	err_try(err_wrap(dir_temp(folder, prefix, &entry->temp), "cache"));
	entry->path = xasprintf("%s/%s", folder, name);
	entry->lock_fd = open(entry->temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (entry->lock_fd < 0 || flock(entry->lock_fd, LOCK_EX | LOCK_NB) < 0)
		return err_errno(errno, "%s: cannot be locked", entry->temp);
	return NULL;
}

struct err *cache_publish(struct cache_new *entry, json_t *given)
{
	scope_json stamp = given;
	scope_free char *file = xasprintf("%s/" STAMP_NAME, entry->temp);

	json_object_set_new(stamp, "format", json_integer(STAMP_FORMAT));

	scope_free char *text = json_dumps(stamp, JSON_INDENT(2));

	if (!text)
		return err_new("%s: no stamp", entry->path);
	err_try(file_write(file, text, strlen(text)));
	/* The rename must not reach the disk before what it makes visible. */
	if (syncfs(entry->lock_fd) < 0)
		return err_errno(errno, "%s: cannot be written", entry->temp);
	if (fchmod(entry->lock_fd, 0755) < 0)
		return err_errno(errno, "%s", entry->temp);
	err_try(dir_remove(entry->path)); /* of another format */
	if (rename(entry->temp, entry->path) < 0)
		return err_errno(errno, "%s: cannot be renamed", entry->temp);
	free(take_ptr(entry->temp));
	return NULL;
}

void cache_new_free(struct cache_new *entry)
{
	if (entry->temp)
		err_free(dir_remove(entry->temp));
	if (entry->path)
		close(entry->lock_fd);
	free(entry->temp);
	free(entry->path);
	*entry = (struct cache_new){};
}

struct err *cache_check_space(const char *root, const char *what, uint64_t bytes)
{
	struct statvfs fs;

	err_try(err_wrap(dir_make(root), "cache (SUTURE_CACHE can name another)"));
	if (access(root, W_OK) < 0)
		return err_errno(
			errno, "cache %s cannot be written (SUTURE_CACHE can name another)", root);
	if (statvfs(root, &fs) < 0)
		return err_errno(errno, "cache %s", root);

	uint64_t free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;

	if (free_bytes >= bytes)
		return NULL;
	return err_new(
		"cache %s: %s needs %.1f GB, but only %.1f GB are free there; make room or name another folder in SUTURE_CACHE",
		root, what, bytes / 1e9, free_bytes / 1e9);
}
