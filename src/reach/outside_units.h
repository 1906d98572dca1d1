/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are part of this kernel without being the source of one of its units. */
#ifndef SUTURE_REACH_OUTSIDE_UNITS_H
#define SUTURE_REACH_OUTSIDE_UNITS_H

#include "kbuild/kbuild.h"

/*
 * Why a change of a file that is no unit's source is one of this kernel all the same: real-mode
 * code, linker scripts, what other files are generated from.  NULL: it is not, as far as is known.
 */
const char *outside_units_why(const struct kbuild *kbuild, const struct kbuild_units *units,
			      const char *path);

#endif
