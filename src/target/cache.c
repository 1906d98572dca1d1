/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the cache, checks who may have written it, and adds entries to it as a whole. */
#include "target/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "base/root.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "base/trust.h"
#include "target/target.h"

/* Increase this number when the contents of an entry change. */
#define STAMP_FORMAT 1
#define STAMP_NAME "stamp.json"

#define PARTIAL ".partial"

/* In CACHE/kernels/RELEASE, only Suture makes deeper folders. */
#define CHECKED_DEPTH 2

/* This is the time between making a partial folder and locking it. */
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

	const struct passwd *user = home && *home ? NULL : getpwuid(geteuid());

	if (user && user->pw_dir && *user->pw_dir == '/')
		home = user->pw_dir;
	if (home && *home)
		return xasprintf("%s/.cache/suture", home);
	return xasprintf("%s/suture-%u", dir_for_temp(), (unsigned)geteuid());
}

/* Contents of the cache become part of modules, and its makefiles and programs are run. */
static struct err *cache_trusted(const char *path)
{
	scope_root machine = NULL;

	err_try(root_open(NULL, &machine));

	scope_free char *problem = trust_problem(machine, path, TRUST_BELOW_STICKY);

	return problem ? err_new("the cache is not used, since other users may have written it: %s (SUTURE_CACHE can name another)",
				 problem)
		       : NULL;
}

/*
 * Other users could have made the folders of kinds, and the entries, before the cache was private.
 */
static struct err *cache_check_entries(const char *path, unsigned depth)
{
	scope_root folder = NULL;
	scope_str_vec names = {};

	if (!dir_exists(path))
		return NULL;
	err_try(root_open(path, &folder));
	err_try(root_list(folder, "/", &names));
	vec_foreach(&names, it) {
		scope_free char *entry = xasprintf("%s/%s", path, *it);
		scope_free char *below = xasprintf("/%s", *it);
		scope_free char *problem = trust_problem_here(folder, below);

		if (problem)
			return err_new(
				"the cache is not used, since other users may have written it: %s (SUTURE_CACHE can name another)",
				problem);
		if (depth > 1)
			err_try(cache_check_entries(entry, depth - 1));
	}
	return NULL;
}

/* Makes a folder of the cache, and checks that no other user has made it first. */
static struct err *cache_make_dir(const char *path)
{
	err_try(err_wrap(dir_make(path), "cache (SUTURE_CACHE can name another)"));
	return cache_trusted(path);
}

struct err *cache_root(char **root)
{
	scope_free char *dir = target_cache_dir();
	scope_free char *here = *dir == '/' ? NULL : getcwd(NULL, 0);

	if (*dir != '/' && !here)
		return err_errno(errno, "the working directory cannot be read");

	scope_free char *path = here ? xasprintf("%s/%s", here, dir) : take_ptr(dir);

	err_try(cache_trusted(path));
	err_try(cache_check_entries(path, CHECKED_DEPTH));
	*root = take_ptr(path);
	return NULL;
}

/* Returns the checksum of a stamp without its checksum, and of the name of its entry; free(). */
static char *stamp_checksum(const char *path, json_t *stamp)
{
	const char *name = path_base(path);

	json_object_del(stamp, "checksum");

	scope_free char *text = json_dumps(stamp, JSON_COMPACT | JSON_SORT_KEYS);

	return text ? xasprintf("%016llx",
				(unsigned long long)XXH3_64bits_withSeed(
					text, strlen(text), XXH3_64bits(name, strlen(name))))
		    : NULL;
}

/* Stamps of old versions without a checksum are accepted. */
static bool stamp_is_whole(const char *path, json_t *stamp)
{
	const char *found = json_string_value(json_object_get(stamp, "checksum"));
	scope_free char *wanted = found ? xstrdup(found) : NULL;
	scope_free char *actual = stamp_checksum(path, stamp);

	return !wanted || (actual && !strcmp(wanted, actual));
}

json_t *cache_stamp(const char *path)
{
	scope_free char *file = xasprintf("%s/" STAMP_NAME, path);
	scope_json stamp = json_load_file(file, 0, NULL);

	return json_integer_value(json_object_get(stamp, "format")) == STAMP_FORMAT &&
			       stamp_is_whole(path, stamp)
		       ? take_ptr(stamp)
		       : NULL;
}

bool cache_has(const char *path)
{
	scope_json stamp = cache_stamp(path);

	return stamp;
}

struct err *cache_lock(const char *root, const char *name, struct progress *progress, int *fd)
{
	scope_free char *folder = xasprintf("%s/lock", root);
	scope_free char *path = xasprintf("%s/%s", folder, name);

	err_try(cache_make_dir(folder));

	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (lock < 0)
		return err_errno(errno, "cache (SUTURE_CACHE can name another): %s", path);
	if (!flock(lock, LOCK_EX | LOCK_NB)) {
		*fd = lock;
		return NULL;
	}
	close(lock);
	progress_detail(progress, "waiting for another process that works on %s in the cache",
			name);
	return file_lock(path, fd);
}

/* A partial folder belongs to a running process if that process holds a lock on it. */
static void remove_leftover(const char *path)
{
	scope_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || time(NULL) - st.st_mtime < LEFTOVER_AGE_SECONDS)
		return;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		err_free(dir_remove(path)); /* if this fails, the next command tries again */
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

	err_try(cache_make_dir(folder));
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

	scope_free char *checksum = stamp_checksum(entry->path, stamp);

	json_object_set_new(stamp, "checksum", json_string(checksum));

	scope_free char *text = json_dumps(stamp, JSON_INDENT(2));

	if (!text)
		return err_new("%s: no stamp", entry->path);
	err_try(file_write(file, text, strlen(text)));
	/* The rename must not reach the disk before what it makes visible. */
	if (syncfs(entry->lock_fd) < 0)
		return err_errno(errno, "%s: cannot be written", entry->temp);
	if (fchmod(entry->lock_fd, 0755) < 0)
		return err_errno(errno, "%s", entry->temp);
	err_try(dir_remove(entry->path)); /* an entry of another format */
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

	err_try(cache_make_dir(root));
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
