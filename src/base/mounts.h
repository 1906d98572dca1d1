/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets up what a process sees of the file system, in its new mount namespace. */
#ifndef SUTURE_BASE_MOUNTS_H
#define SUTURE_BASE_MOUNTS_H

#include <stdbool.h>

#include "base/sandbox_path.h"

/*
 * Both are called in a child, allocate nothing, and return false with errno.  Paths are sorted, a
 * folder before what is in it.
 */

/* Leaves everything visible, and makes only the writable paths changeable. */
bool mounts_make_read_only(const struct sandbox_path_vec *paths);

/* Makes only the paths visible. */
bool mounts_enter_root(const struct sandbox_path_vec *paths);

#endif
