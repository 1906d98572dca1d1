/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Landlock: which files a process and its children may open, as far as this kernel can guard it. */
#ifndef SUTURE_BASE_LANDLOCK_H
#define SUTURE_BASE_LANDLOCK_H

#include <stdbool.h>

#include "base/sandbox_path.h"

/* What the kernel understands, asked of it by the system call; 0: nothing, or it is off. */
int landlock_abi(void);

/* A ruleset that lets these paths through; a descriptor, or -1 with errno. */
int landlock_ruleset(const struct sandbox_path_vec *paths);

/* Binds this process to the ruleset, for good; needs no_new_privs.  False: errno says why. */
bool landlock_enter(int ruleset);

#endif
