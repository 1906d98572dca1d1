/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which folders' makefiles name a file that they generate others from. */
#ifndef SUTURE_REACH_GENERATORS_H
#define SUTURE_REACH_GENERATORS_H

#include <stdbool.h>

#include "base/vec.h"
#include "kbuild/kbuild.h"

/* In all of these, source is the kernel's tree, and folders are relative to it. */

/* Whether the makefile of the folder dir has name as that of a file. */
bool makefile_names_file(const char *source, const char *dir, const char *name);

/*
 * Adds the folder at or above path, "…/", whose makefile names it as it names what it makes files
 * from.  Not for the sources of units: makefiles name the objects of these.
 */
void generator_dirs_find(const char *source, const char *path, struct str_vec *dirs);

/* Adds the folders of units, "…/", whose makefiles name the program with this source file. */
void program_dirs_find(const char *source, const struct kbuild_units *units, const char *program,
		       struct str_vec *dirs);

#endif
