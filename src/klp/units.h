/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the first step of a build: opens and compares the compiled units. */
#ifndef SUTURE_KLP_UNITS_H
#define SUTURE_KLP_UNITS_H

#include "klp/build.h"

/*
 * Fills build->units from what was compiled.  What can be judged by a unit and its comparison
 * alone, and files that reach no unit, become findings.
 */
struct err *units_open(struct build *build);
void units_free(struct build *build);

#endif
