/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Landlock: which files a process and its children may open, as far as this kernel can guard it. */
#ifndef SUTURE_BASE_LANDLOCK_H
#define SUTURE_BASE_LANDLOCK_H

#include <stdbool.h>

#include "base/sandbox_path.h"

/*
 * Returns the ABI that the kernel supports, by asking it; 0 if it supports none, or Landlock is
 * off.
 */
int landlock_abi(void);

/* Makes a ruleset that allows these paths; returns a descriptor, or -1 with errno. */
int landlock_ruleset(const struct sandbox_path_vec *paths);

/* Binds this process to the ruleset, for good; needs no_new_privs.  False: errno says why. */
bool landlock_enter(int ruleset);

#endif
