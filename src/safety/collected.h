/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the types and functions that changed from all units of a patch. */
#ifndef SUTURE_SAFETY_COLLECTED_H
#define SUTURE_SAFETY_COLLECTED_H

#include "base/vec.h"
#include "safety/safety.h"
#include "safety/type_changes.h"

/* Holds the facts about a changed function that its debug data contains. */
struct noted_function {
	char *file, *name;
	unsigned line;
	bool registers_only; /* as in type_function */
	struct str_vec inlined_new, inlined_gone;
};

struct noted_function_vec VEC(struct noted_function);

struct safety_types {
	struct changed_type_vec changed;
	struct noted_function_vec functions;
};

#endif
