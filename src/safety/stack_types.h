/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds types whose objects live no longer than a call of a replaced function. */
#ifndef SUTURE_SAFETY_STACK_TYPES_H
#define SUTURE_SAFETY_STACK_TYPES_H

#include <stdbool.h>

#include "safety/context.h"
#include "safety/types.h"

/*
 * Returns whether the type is defined in the unit and only changed functions keep it on their
 * stack: nothing lasting holds it or points at it, no member links it elsewhere, and none of these
 * functions sleeps, or allocates while it has a pointer to one.
 */
bool type_lives_on_stack(const struct unit_context *context, const struct type *before,
			 const struct type *after);

/* Returns whether a member of that type makes an object reachable for other tasks. */
bool type_is_link(const char *type);

#endif
