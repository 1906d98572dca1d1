/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles paths as text; nothing here looks at the file system. */
#ifndef SUTURE_BASE_PATH_H
#define SUTURE_BASE_PATH_H

/* Returns the part after the last slash; points into path. */
const char *path_base(const char *path);

/* Returns the folder part without its last slash, "" if there is none; free(). */
char *path_parent(const char *path);

/*
 * Returns dir/name without "name/.." parts; free(). A leading "./" of dir is kept, and ".." that
 * leads above it is kept as well.
 */
char *path_join(const char *dir, const char *name);

/* Returns which ending of a module file the path has, ".ko", ".ko.xz" and the like; else NULL. */
const char *path_module_ending(const char *path);

/* Returns the ending for a module that is in this file, which says at least how it is packed. */
const char *path_module_ending_for(const char *path);

#endif
