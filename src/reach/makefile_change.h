/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what a change of a makefile does besides adding, removing and compiling objects. */
#ifndef SUTURE_REACH_MAKEFILE_CHANGE_H
#define SUTURE_REACH_MAKEFILE_CHANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "kbuild/kbuild.h"
#include "patch/patch.h"

/* Returns whether two makefiles differ in rules or in the commands that these run. */
bool makefile_change_alters_recipes(const char *before, const char *after);

/*
 * Sets *why to the effect of a makefile's change on this kernel that the objects of units do not
 * show; NULL if there is none.
 */
struct err *makefile_change_why_lost(const char *source, const struct kbuild_units *units,
				     const struct change *change, const char **why);

/* Returns whether only the version and comments change, as in a new point release. */
struct err *makefile_change_only_version(const char *source, const struct change *change,
					 bool *alone);

#endif
