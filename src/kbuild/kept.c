/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps files in the cache of a release, and finds those that were damaged there. */
#include "kbuild/kept.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/seal.h"

char *kept_path(const struct kbuild *kbuild, const char *name)
{
	return xasprintf("%s/%s", kbuild->cache, name);
}

static char *kept_seal_path(const struct kbuild *kbuild, const char *name)
{
	return xasprintf("%s/seals/%s", kbuild->cache, name);
}

static char *kept_what(const struct kbuild *kbuild, const char *name)
{
	return xasprintf("%s/%s", kbuild->id, name);
}

static struct err *kept_make_parent(const char *path)
{
	scope_free char *parent = path_parent(path);

	return dir_make(parent);
}

static struct err *kept_seal(const struct kbuild *kbuild, const char *name)
{
	scope_free char *path = kept_path(kbuild, name);
	scope_free char *seal = kept_seal_path(kbuild, name);
	scope_free char *what = kept_what(kbuild, name);

	err_try(kept_make_parent(seal));
	return seal_write(seal, path, what);
}

struct err *kept_write(const struct kbuild *kbuild, const char *name, const void *data, size_t size)
{
	scope_free char *path = kept_path(kbuild, name);

	err_try(kept_make_parent(path));
	err_try(file_write(path, data, size));
	return kept_seal(kbuild, name);
}

struct err *kept_copy(const struct kbuild *kbuild, const char *from, const char *name)
{
	scope_free char *path = kept_path(kbuild, name);

	err_try(kept_make_parent(path));
	err_try(file_copy(from, path));
	return kept_seal(kbuild, name);
}

static bool kept_is_whole(const struct kbuild *kbuild, const char *name)
{
	scope_free char *path = kept_path(kbuild, name);
	scope_free char *seal = kept_seal_path(kbuild, name);
	scope_free char *what = kept_what(kbuild, name);

	if (seal_matches(seal, path, what))
		return true;
	progress_note(kbuild->progress, "%s is damaged and is created again", path);
	return false;
}

bool kept_has(const struct kbuild *kbuild, const char *name)
{
	scope_free char *path = kept_path(kbuild, name);
	scope_free char *seal = kept_seal_path(kbuild, name);

	if (!file_exists(path))
		return false;
	if (kept_is_whole(kbuild, name))
		return true;
	unlink(path);
	unlink(seal);
	return false;
}

bool kept_tree_is_whole(const struct kbuild *kbuild, const char *name)
{
	scope_free char *seals = kept_seal_path(kbuild, name);
	DIR *dir = opendir(seals);
	bool whole = true;

	for (struct dirent *entry; dir && whole && (entry = readdir(dir));) {
		scope_free char *child = xasprintf("%s/%s", name, entry->d_name);

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		whole = entry->d_type == DT_DIR ? kept_tree_is_whole(kbuild, child)
						: kept_is_whole(kbuild, child);
	}
	if (dir)
		closedir(dir);
	return whole;
}
