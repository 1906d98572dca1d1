/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths of the kernel's source tree. */
#ifndef SUTURE_SAFETY_TREE_PATH_H
#define SUTURE_SAFETY_TREE_PATH_H

/* Returns "include/linux/foo.h" of a path that the compiler was given; points into path. */
const char *tree_path(const char *path);

#endif
