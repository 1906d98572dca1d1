/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types whose objects live no longer than a call of a function that is replaced. */
#ifndef SUTURE_SAFETY_STACK_TYPES_H
#define SUTURE_SAFETY_STACK_TYPES_H

#include <stdbool.h>

#include "safety/context.h"
#include "safety/types.h"

/*
 * A type of the unit's own that some function has among its locals, that nothing lasting holds or
 * points at, that has no member to link it by, and that only changed functions know of, of which
 * none sleeps, and none with a pointer to one allocates anything.
 */
bool lives_on_stack(const struct unit_context *context, const struct type *before,
		    const struct type *after);

/* Whether a member of that spelling is one that others find an object by. */
bool type_is_link(const char *type);

#endif
