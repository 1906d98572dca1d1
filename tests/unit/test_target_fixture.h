/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An archive of one kernel, and a cache of the test's own. */
#ifndef SUTURE_TESTS_TARGET_FIXTURE_H
#define SUTURE_TESTS_TARGET_FIXTURE_H

#include <dirent.h>
#include <unistd.h>

#include "base/tempdir.h"
#include "target/target.h"
#include "unit.h"

#include "test_target_synth.h"

struct fixture {
	char *dir, *apt, *cache;
};

static inline void fixture_make(struct fixture *fix)
{
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &fix->dir));
	fix->apt = xasprintf("%s/apt", fix->dir);
	fix->cache = xasprintf("%s/cache", fix->dir);
	synth_archive(fix->apt);
	setenv("SUTURE_CACHE", fix->cache, 1);
	setenv("SUTURE_ARCHIVES", "/nonexistent", 1);
}

static inline void fixture_end(struct fixture *fix)
{
	dir_temp_cleanup(&fix->dir);
	free(fix->apt);
	free(fix->cache);
}

#define scope_fixture __attribute__((cleanup(fixture_end))) struct fixture

static const struct target_spec spec = {.release = SYNTH_RELEASE};

static inline struct err *fetch(void)
{
	scope_target target = NULL;

	return target_open(&spec, NULL, &target);
}

/* Returns how many packages have been downloaded so far. */
static inline unsigned downloads(const struct fixture *fix)
{
	scope_free char *path = xasprintf("%s/log", fix->apt);
	scope_free char *text = NULL;
	unsigned lines = 0;

	err_free(file_read(path, &text, NULL));
	for (const char *c = text; c && *c; c++)
		lines += *c == '\n';
	return lines;
}

/* Returns the number of entries in a folder of the cache, except dot files. */
static inline unsigned entries(const struct fixture *fix, const char *name)
{
	scope_free char *path = xasprintf("%s/%s", fix->cache, name);
	DIR *dir = opendir(path);
	unsigned count = 0;

	for (struct dirent *entry; dir && (entry = readdir(dir));)
		count += *entry->d_name != '.';
	if (dir)
		closedir(dir);
	return count;
}

static inline void assert_nothing_left(const struct fixture *fix)
{
	ck_assert_uint_eq(entries(fix, "kernels"), 0);
	ck_assert_uint_eq(entries(fix, "sources"), 0);
}

static inline bool inside(const char *dir, const char *name)
{
	scope_free char *path = xasprintf("%s/%s", dir, name);

	return !access(path, F_OK);
}

#endif
