/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes private trees of symbolic links over trees that are never written. */
#include "kbuild/farm.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"

static void farm_close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define scope_farm_dir __attribute__((cleanup(farm_close_dir))) DIR *

static bool farm_is_dot(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static bool farm_is_real_dir(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

/* Makes links for entries that are in lower but not in upper; a missing lower has no entries. */
static struct err *farm_link_entries(const char *upper, const char *lower)
{
	scope_farm_dir dir = opendir(lower);

	if (!dir && (errno == ENOENT || errno == ENOTDIR))
		return NULL;
	if (!dir)
		return err_errno(errno, "%s", lower);
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (farm_is_dot(entry->d_name))
			continue;

		scope_free char *target = xasprintf("%s/%s", lower, entry->d_name);
		scope_free char *path = xasprintf("%s/%s", upper, entry->d_name);

		if (symlink(target, path) < 0 && errno != EEXIST)
			return err_errno(errno, "%s: cannot be created", path);
	}
	return NULL;
}

/* Makes upper a real folder, in place of a link if it is one. */
static struct err *farm_make_real(const char *upper, const char *lower)
{
	if (farm_is_real_dir(upper))
		return NULL;
	if (unlink(upper) < 0 && errno != ENOENT)
		return err_errno(errno, "%s: cannot be removed", upper);
	if (mkdir(upper, 0777) < 0)
		return err_errno(errno, "%s: cannot be created", upper);
	return farm_link_entries(upper, lower);
}

struct err *farm_make(const char *upper, const char *lower)
{
	err_try(dir_make(upper));
	return farm_link_entries(upper, lower);
}

struct err *farm_descend(const char *upper, const char *lower, const char *rel)
{
	for (const char *end = rel; *end;) {
		end += strspn(end, "/");
		end += strcspn(end, "/");

		scope_free char *upper_dir = xasprintf("%s/%.*s", upper, (int)(end - rel), rel);
		scope_free char *lower_dir = xasprintf("%s/%.*s", lower, (int)(end - rel), rel);

		err_try(farm_make_real(upper_dir, lower_dir));
	}
	return NULL;
}

struct err *farm_descend_all(const char *upper, const char *lower, const char *rel)
{
	err_try(farm_descend(upper, lower, rel));

	scope_free char *lower_dir = xasprintf("%s/%s", lower, rel);
	scope_farm_dir dir = opendir(lower_dir);

	if (!dir)
		return errno == ENOENT ? NULL : err_errno(errno, "%s", lower_dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		scope_free char *child = xasprintf("%s/%s", lower_dir, entry->d_name);
		scope_free char *child_rel = xasprintf("%s/%s", rel, entry->d_name);

		if (!farm_is_dot(entry->d_name) && farm_is_real_dir(child))
			err_try(farm_descend_all(upper, lower, child_rel));
	}
	return NULL;
}

struct err *farm_put(const char *upper, const char *lower, const char *rel, const char *file)
{
	scope_free char *path = xasprintf("%s/%s", upper, rel);
	scope_free char *parent = path_parent(rel);

	if (*parent)
		err_try(farm_descend(upper, lower, parent));
	if (unlink(path) < 0 && errno != ENOENT)
		return err_errno(errno, "%s: cannot be removed", path);
	if (file && symlink(file, path) < 0)
		return err_errno(errno, "%s: cannot be created", path);
	return NULL;
}
