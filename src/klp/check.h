/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the third step of a build: checks that need all units, mainly of their types. */
#ifndef SUTURE_KLP_CHECK_H
#define SUTURE_KLP_CHECK_H

#include "klp/build.h"

/*
 * Compares the types of all units, also with the kernel's own; changes become findings and are kept
 * in build->checked.
 */
struct err *check_types(struct build *build);

/* Returns the unit in the form that the rules of safety/ need; it points into the unit. */
struct safety_unit unit_safety(const struct unit *unit);

#endif
