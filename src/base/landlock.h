/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock restricts which files a process and its children may open, as far as this kernel
 * supports it.
 */
#ifndef SUTURE_BASE_LANDLOCK_H
#define SUTURE_BASE_LANDLOCK_H

#include <stdbool.h>

#include "base/sandbox_path.h"

/* Makes a ruleset that allows these paths; returns a descriptor, or -1 with errno. */
int landlock_ruleset(const struct sandbox_path_vec *paths);

/* Restricts this process permanently; needs no_new_privs. If it returns false, errno says why. */
bool landlock_enter(int ruleset);

#endif
