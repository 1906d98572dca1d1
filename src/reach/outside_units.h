/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds files that are part of this kernel without being the source of a unit. */
#ifndef SUTURE_REACH_OUTSIDE_UNITS_H
#define SUTURE_REACH_OUTSIDE_UNITS_H

#include "kbuild/kbuild.h"

/*
 * Returns why a change of a file that is no unit's source is still a change of this kernel: it is
 * real-mode code, a linker script, or a file from which others are generated. NULL if it is none,
 * as far as is known.
 */
const char *outside_units_why(const struct kbuild *kbuild, const struct kbuild_units *units,
			      const char *path);

#endif
