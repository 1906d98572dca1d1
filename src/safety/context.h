/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prepares a unit for the rules: both versions, the changes between them, and the calls of each. */
#ifndef SUTURE_SAFETY_CONTEXT_H
#define SUTURE_SAFETY_CONTEXT_H

#include <stdbool.h>

#include "base/vec.h"
#include "safety/callgraph.h"
#include "safety/safety.h"
#include "safety/versions.h"

struct unit_context {
	const struct safety_unit *unit;
	const struct type_versions *versions;
	struct str_vec changed; /* symbols of functions that are changed or new; sorted */
	struct callgraph *before, *after;
};

/* unit and versions must outlive the context. */
void context_init(struct unit_context *context, const struct safety_unit *unit,
		  const struct type_versions *versions);
void context_free(struct unit_context *context);
#define scope_context __attribute__((cleanup(context_free))) struct unit_context

/*
 * Returns whether function "foo" of the source is changed or new, as "foo" or as a clone
 * "foo.isra.0".
 */
bool context_is_changed(const struct unit_context *context, const char *name);

#endif
