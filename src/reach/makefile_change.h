/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a change of a makefile does besides adding, removing and compiling objects. */
#ifndef SUTURE_REACH_MAKEFILE_CHANGE_H
#define SUTURE_REACH_MAKEFILE_CHANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "kbuild/kbuild.h"
#include "patch/patch.h"

/* Whether two makefiles differ in rules or in the commands that these run. */
bool makefile_recipes_differ(const char *before, const char *after);

/*
 * Why a change of a makefile of the tree at source is one of this kernel that its units' objects
 * do not show; *why is NULL when they do.
 */
struct err *makefile_why_lost(const char *source, const struct kbuild_units *units,
			      const struct change *change, const char **why);

/* Whether it changes as in a new point release: in the version and comments alone. */
struct err *makefile_only_version(const char *source, const struct change *change, bool *alone);

#endif
