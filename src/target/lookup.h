/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In which archives a release is found: the host's come first, then Suture's own (archives.h),
 * which are only opened for what the host's do not have.
 */
#ifndef SUTURE_TARGET_LOOKUP_H
#define SUTURE_TARGET_LOOKUP_H

#include "base/err.h"
#include "base/progress.h"
#include "target/apt.h"
#include "target/debian.h"

struct lookup {
	const char *root; /* of the cache */
	struct progress *progress;
	bool lists_as_they_are; /* no list is downloaded */

	struct apt_view *own; /* private: NULL until it is needed, or when there is none */
	bool opened;
};

void lookup_free(struct lookup *lookup);
#define scope_lookup __attribute__((cleanup(lookup_free))) struct lookup

/*
 * The packages of a release; version NULL: the newest.  The plan refers to the lookup, which has to
 * live as long.
 */
struct err *lookup_plan(struct lookup *lookup, const char *release, const char *version,
			struct debian_plan *plan);

/* The newest release of a series, "6.1" or "6.1-rt-amd64"; free(). */
struct err *lookup_latest(struct lookup *lookup, const char *series, char **release);

/*
 * All releases that any archive has, the newest first, each version once: the host's archives count
 * where both have it.
 */
struct err *lookup_list(struct lookup *lookup, struct target_listed_vec *list);

/* Suture's own archives, opened once; *view is NULL when there are none. */
struct err *lookup_own(struct lookup *lookup, const struct apt_view **view);

#endif
