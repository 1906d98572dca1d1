/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds folders whose makefiles name a file from which they generate others. */
#ifndef SUTURE_REACH_GENERATORS_H
#define SUTURE_REACH_GENERATORS_H

#include <stdbool.h>

#include "base/vec.h"
#include "kbuild/kbuild.h"

/* In all of these functions, source is the kernel's tree, and folders are relative to it. */

/* Returns whether the makefile of the folder dir names the file. */
bool generators_makefile_names(const char *source, const char *dir, const char *name);

/*
 * Adds the folder at or above path, "…/", whose makefile names it as an input for generated files.
 * It is not for sources of units, since makefiles name their objects.
 */
void generators_find_dirs(const char *source, const char *path, struct str_vec *dirs);

/* Adds the folders of units, "…/", whose makefiles name the program with this source file. */
void generators_find_program_dirs(const char *source, const struct kbuild_units *units,
				  const char *program, struct str_vec *dirs);

#endif
