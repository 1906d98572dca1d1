/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a user asks for to the name of a release. */
#ifndef SUTURE_TARGET_RELEASE_H
#define SUTURE_TARGET_RELEASE_H

#include "base/err.h"
#include "target/lookup.h"

/*
 * Finds the release that was asked for (a release, a series, or NULL for the running kernel), and
 * its version if only one will do, as for the running kernel, else NULL. free() both.
 */
struct err *release_wanted(struct lookup *lookup, const char *asked, char **release,
			   char **version);

/*
 * Takes the newest release of a series from the cache after no other could be had, with a note that
 * says why; consumes err, or returns it if there is none or asked is no series. *release is
 * replaced.
 */
struct err *release_fall_back(const struct lookup *lookup, const char *asked, struct err *err,
			      char **release);

#endif
