/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A farm is a private tree of symbolic links to a tree that is never written. Folders that get new
 * entries are real; everything else is a link.
 */
#ifndef SUTURE_KBUILD_FARM_H
#define SUTURE_KBUILD_FARM_H

#include "base/err.h"

/* Makes upper, an empty or missing folder, show the contents of lower. */
struct err *farm_make(const char *upper, const char *lower);

/* Makes the folder rel below upper, and its parents, real; lower need not have it. */
struct err *farm_descend(const char *upper, const char *lower, const char *rel);

/* Makes rel and every folder below it real. */
struct err *farm_descend_all(const char *upper, const char *lower, const char *rel);

/* Makes rel a link to the file, or removes rel if file is NULL. */
struct err *farm_put(const char *upper, const char *lower, const char *rel, const char *file);

#endif
