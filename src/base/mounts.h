/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process sees of the file system, in a mount namespace that it has just been given. */
#ifndef SUTURE_BASE_MOUNTS_H
#define SUTURE_BASE_MOUNTS_H

#include <stdbool.h>

#include "base/sandbox_path.h"

/*
 * Both are called in a child, allocate nothing, and return false with errno.  Paths are sorted, a
 * folder before what is in it.
 */

/* Everything stays in sight, and only the paths for writing can be changed in any way. */
bool mounts_make_read_only(const struct sandbox_path_vec *paths);

/* Only the paths are in sight. */
bool mounts_enter_root(const struct sandbox_path_vec *paths);

#endif
