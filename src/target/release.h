/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a user asks for to the name of a release. */
#ifndef SUTURE_TARGET_RELEASE_H
#define SUTURE_TARGET_RELEASE_H

#include "base/err.h"
#include "target/lookup.h"

/*
 * From what was asked for (a release or a series; NULL: the running kernel) the release and, where
 * only one will do (that of the running kernel), its version; else NULL.  free() both.
 */
struct err *release_wanted(struct lookup *lookup, const char *asked, char **release,
			   char **version);

#endif
