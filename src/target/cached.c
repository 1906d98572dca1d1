/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks in the cache for a release, and for the source that belongs to it. */
#include "target/cached.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "target/cache.h"
#include "target/debian.h"

/*
 * Returns what a source entry made of linux-source and other headers lacks, or NULL for plain
 * source.
 */
static char *gap_of(const json_t *source_stamp)
{
	const char *package = json_string_value(json_object_get(source_stamp, "package"));
	const char *headers = json_string_value(json_object_get(source_stamp, "headers"));

	if (!headers || !package)
		return NULL;
	return xasprintf(
		"the archive has no patched source of this kernel's flavour: %s is compiled with the headers of %s instead",
		package, headers);
}

static bool source_is_there(const char *root, const json_t *stamp, char **source, char **gap)
{
	const char *name = json_string_value(json_object_get(stamp, "source"));

	if (!name || strchr(name, '/'))
		return false;

	scope_free char *path = xasprintf("%s/sources/%s", root, name);
	scope_json source_stamp = cache_stamp(path);

	if (source_stamp) {
		*source = xasprintf("%s/tree", path);
		*gap = gap_of(source_stamp);
	}
	return source_stamp;
}

void cached_free(struct cached *cached)
{
	free(cached->path);
	free(cached->version);
	free(cached->source);
	free(cached->source_gap);
	*cached = (struct cached){};
}

static void cached_consider(const char *root, const char *path, const char *version,
			    struct cached *best)
{
	scope_json stamp = cache_stamp(path);
	char *source = NULL, *gap = NULL;

	if (stamp && source_is_there(root, stamp, &source, &gap)) {
		cached_free(best);
		*best = (struct cached){xstrdup(path), xstrdup(version), source, gap};
	}
}

void cached_find(const char *root, const char *release, const char *version, struct cached *best)
{
	scope_free char *folder = xasprintf("%s/kernels", root);
	scope_free char *prefix = xasprintf("%s_", release);
	DIR *dir = opendir(folder);

	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		const char *this = entry->d_name + strlen(prefix);
		scope_free char *path = xasprintf("%s/%s", folder, entry->d_name);

		if (!str_starts(entry->d_name, prefix) || strstr(this, ".partial."))
			continue;
		if (version && strcmp(version, this))
			continue;
		if (!best->version || strverscmp(this, best->version) > 0)
			cached_consider(root, path, this, best);
	}
	closedir(dir);
}

char *cached_latest(const char *root, const char *series, const char *flavour)
{
	scope_free char *folder = xasprintf("%s/kernels", root);
	DIR *dir = opendir(folder);
	char *latest = NULL;

	if (!dir)
		return NULL;
	for (struct dirent *entry; (entry = readdir(dir));) {
		scope_free char *release = xstrndup(entry->d_name, strcspn(entry->d_name, "_"));
		scope_free char *of = debian_series(release);
		scope_cached cached = {};

		if (!of || strcmp(of, series) || strcmp(debian_flavour(release), flavour) ||
		    (latest && strverscmp(release, latest) <= 0))
			continue;
		cached_find(root, release, NULL, &cached);
		if (!cached.path)
			continue;
		free(latest);
		latest = take_ptr(release);
	}
	closedir(dir);
	return latest;
}
