/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells whether the code of a loaded live patch is what runs. */
#ifndef SUTURE_ADVISE_IN_FORCE_H
#define SUTURE_ADVISE_IN_FORCE_H

#include "live/live.h"

/* Says what runs in place of one of the patch's functions, or may do so; NULL for nothing; free().
 */
char *in_force_obstacle(const struct live_patch *patch, struct live_attached *attached);

#endif
