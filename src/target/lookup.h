/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In which archives a release is found: the host's come first, then Suture's own (archives.h),
 * which are only opened for what the host's do not have, or name in lists that are old.
 */
#ifndef SUTURE_TARGET_LOOKUP_H
#define SUTURE_TARGET_LOOKUP_H

#include "base/err.h"
#include "base/progress.h"
#include "target/apt.h"
#include "target/debian.h"

/* The flavour of a series that names none. */
#define DEFAULT_FLAVOUR "amd64"

struct lookup {
	const char *root; /* root of the cache */
	struct progress *progress;
	bool lists_as_they_are; /* lists are not updated */

	struct apt_view *own; /* private: NULL until it is needed, or if there is none */
	bool opened;
	struct apt_view
		*host; /* private: NULL until it is needed, or for apt as it is configured */
	bool host_opened;
};

void lookup_free(struct lookup *lookup);
#define scope_lookup __attribute__((cleanup(lookup_free))) struct lookup

/*
 * Plans the packages of a release; version NULL means the newest. The lookup must outlive the plan,
 * which refers to it.
 */
struct err *lookup_plan(struct lookup *lookup, const char *release, const char *version,
			struct debian_plan *plan);

/* Returns the newest release of a series, such as "6.1" or "6.1-rt-amd64"; free(). */
struct err *lookup_latest(struct lookup *lookup, const char *series, char **release);

/*
 * Lists all releases of all archives, newest first and each version once; if both have a version,
 * the host's archives are named.
 */
struct err *lookup_list(struct lookup *lookup, struct target_listed_vec *list);

/*
 * Returns the view of the host's own lists. Where the host's apt keeps no parsed form of its lists,
 * as in images of containers, each of its answers takes a second; so one is kept in the cache then.
 */
const struct apt_view *lookup_host(struct lookup *lookup);

/* Opens Suture's own archives once; *view is NULL if there are none. */
struct err *lookup_own(struct lookup *lookup, const struct apt_view **view);

/*
 * Plans a release again after a download has shown that the archive lacks files which the lists
 * name: with Suture's own archives, whose lists are renewed unless they are minutes old.
 * plan->version is NULL if these do not serve the release; otherwise a plan replaces the old one.
 */
struct err *lookup_plan_renewed(struct lookup *lookup, const char *release, const char *version,
				struct debian_plan *plan);

#endif
