/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Knows where interpreters search for modules. */
#ifndef SUTURE_ADVISE_MODULE_FOLDERS_H
#define SUTURE_ADVISE_MODULE_FOLDERS_H

#include <stdbool.h>

#include "advise/script.h"
#include "base/root.h"

/* Returns whether files of this name are modules of the language. */
bool module_is_name(enum script_language language, const char *name);

/* Returns whether names of modules are read in texts of the language. */
bool module_names_are_read(enum script_language language);

/* Returns the folders where packages put modules of the language; the last one is NULL. */
const char *const *module_folders_of(enum script_language language);

/* Reads a text of code; returns NULL if it is too large to be one; free(). */
char *module_folders_read(const struct root *root, const char *path);

/*
 * Adds the folders that a text in the folder own adds to those that are searched; returns whether
 * there may be others.
 */
bool module_folders_add(const struct root *root, enum script_language language, const char *text,
			const char *own, struct str_vec *folders);

/*
 * Lists the folders that are searched for a process's modules, the script's own first; returns
 * whether there may be others.  text is the script's, if names of modules are read in it, or NULL.
 */
bool module_folders_list(const struct root *root, const struct script_use *script, const char *text,
			 struct str_vec *folders);

#endif
