/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Relative paths as text; nothing looks at the file system. */
#ifndef SUTURE_KBUILD_PATH_H
#define SUTURE_KBUILD_PATH_H

#include "base/path.h"

/* dir/name without "name/.." parts; a leading "./" of dir stays.
 * What climbs above that stays there.  free(). */
char *path_join(const char *dir, const char *name);

#endif
