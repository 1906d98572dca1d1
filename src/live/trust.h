/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether only root can change what a path leads to. */
#ifndef SUTURE_LIVE_TRUST_H
#define SUTURE_LIVE_TRUST_H

#include "base/root.h"

/*
 * Looks at the file and each folder on the way, those behind links as well: "WHERE: WHY" when
 * somebody else than root could change it, free(); NULL when nobody can.
 */
char *live_distrust(const struct root *root, const char *path);

#endif
