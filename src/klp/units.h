/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the first step of a build: opens and compares the compiled units. */
#ifndef SUTURE_KLP_UNITS_H
#define SUTURE_KLP_UNITS_H

#include "klp/build.h"

/*
 * Fills build->units from what was compiled.  Adds the findings that need no more than one unit and
 * its comparison, and those on files that reach no unit.
 */
struct err *units_open(struct build *build);
void units_free(struct build *build);

#endif
