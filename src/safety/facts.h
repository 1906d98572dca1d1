/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines the facts that the report gives about changed functions and types, besides findings. */
#ifndef SUTURE_SAFETY_FACTS_H
#define SUTURE_SAFETY_FACTS_H

#include <stdint.h>

#include "base/vec.h"
#include "safety/safety.h"

struct noted_function_vec;
struct unit_context;

/* Adds the functions of the unit that are changed or new. */
void safety_note_functions(struct noted_function_vec *functions,
			   const struct unit_context *context);

/* Describes the changes of a function that is in one version or both; free with
 * function_facts_free(). */
struct function_facts {
	unsigned line; /* in its file; 0 if it is not known */
	uint64_t size_before, size_after;
	struct str_vec calls_new, calls_gone;	  /* functions by name, sorted */
	struct str_vec inlined_new, inlined_gone; /* the same for inlined functions */
};

void safety_function_facts(const struct safety_types *types, const struct safety_unit *unit,
			   const struct diff_item *item, struct function_facts *facts);
void function_facts_free(struct function_facts *facts);

/*
 * Returns whether no argument of a changed function lies on the stack. It is false, too, if debug
 * data does not show it: they describe the function as it was written, and the compiler may have
 * split arguments.
 */
bool safety_uses_registers_only(const struct safety_types *types, const char *file,
				const char *function);

/* A changed type before and after the patch, with one line for each member. */
struct type_view {
	char *name, *where;
	struct str_vec before, after;
};

struct type_view_vec VEC(struct type_view);

void safety_type_views(const struct safety_types *types, struct type_view_vec *views);
void type_view_vec_free(struct type_view_vec *views);

#endif
