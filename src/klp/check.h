/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Third step of a build: checks that need all units, above all of their types. */
#ifndef SUTURE_KLP_CHECK_H
#define SUTURE_KLP_CHECK_H

#include "klp/build.h"

/*
 * Compares the types of all units, against the kernel's own too; what changed becomes findings and
 * is kept in build->checked.
 */
struct err *types_check(struct build *build);

/* The unit as the rules of safety/ want it; what it points at belongs to the unit. */
struct safety_unit unit_safety(const struct unit *unit);

#endif
