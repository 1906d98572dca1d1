/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a user asks for to the name of a release. */
#ifndef SUTURE_TARGET_RELEASE_H
#define SUTURE_TARGET_RELEASE_H

#include "base/err.h"

/*
 * From what was asked for (a release or a series; NULL: the running kernel) the release and, where
 * only one will do (that of the running kernel), its version; else NULL.  free() both.
 */
struct err *release_wanted(const char *asked, char **release, char **version);

/* The newest release that the archive has of a series, "6.1" or "6.1-rt-amd64"; free(). */
struct err *release_latest(const char *series, char **release);

#endif
