/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found out of all units of a patch. */
#ifndef SUTURE_SAFETY_UNIT_H
#define SUTURE_SAFETY_UNIT_H

#include "base/vec.h"
#include "safety/safety.h"
#include "safety/type_changes.h"

/* What the debug data says of a changed function. */
struct noted_function {
	char *file, *name;
	unsigned line;
	struct str_vec inlined_new, inlined_gone;
};

struct noted_function_vec VEC(struct noted_function);

/* facts.c: those of the unit that are changed or new. */
void note_functions(struct noted_function_vec *functions, const struct unit_context *context);

struct safety_types {
	struct changed_type_vec changed;
	struct noted_function_vec functions;
};

#endif
