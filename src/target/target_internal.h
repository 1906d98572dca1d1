/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What finding a release shares with telling about it. */
#ifndef SUTURE_TARGET_TARGET_INTERNAL_H
#define SUTURE_TARGET_TARGET_INTERNAL_H

#include "target/target.h"

/* What the cache has of a release; all NULL when nothing. */
struct cached {
	char *path, *version, *source, *source_gap;
};

void cached_free(struct cached *cached);
#define scope_cached __attribute__((cleanup(cached_free))) struct cached

/*
 * From what was asked for, a release or a series, the release and, where only one will do (that of
 * the running kernel), its version; else NULL.  free() both.
 */
struct err *target_wanted(const char *asked, char **release, char **version);

/* The newest version that is whole, unless one is asked for. */
void target_find_cached(const char *root, const char *release, const char *version,
			struct cached *best);

#endif
