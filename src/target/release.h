/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a user asks for to the name of a release. */
#ifndef SUTURE_TARGET_RELEASE_H
#define SUTURE_TARGET_RELEASE_H

#include "base/err.h"
#include "target/cached.h"
#include "target/debian.h"
#include "target/lookup.h"

/* What a build for a release would take: what the cache has, or a plan of what has to be fetched.
 */
struct release_choice {
	char *release;
	char *version;		 /* if only one will do, as for the running kernel, else NULL */
	struct cached cached;	 /* empty if the cache lacks it */
	struct debian_plan plan; /* empty if the cache has it */
};

void release_choice_free(struct release_choice *choice);
#define scope_release_choice __attribute__((cleanup(release_choice_free))) struct release_choice

/*
 * Chooses what to take for what was asked for, without fetching it. release_fall_back() is what to
 * do if the plan cannot be fetched. choice->release is also set if none can be had.
 */
struct err *release_choose(struct lookup *lookup, const char *asked, struct release_choice *choice);

/* Returns the newest release of a series that the cache has, or NULL if asked is none; free(). */
char *release_cached(const struct lookup *lookup, const char *asked);

/*
 * Takes the newest release of a series from the cache after no other could be had, with a note that
 * says why; consumes err, or returns it if there is none or asked is no series. *release is
 * replaced.
 */
struct err *release_fall_back(const struct lookup *lookup, const char *asked, struct err *err,
			      char **release);

#endif
