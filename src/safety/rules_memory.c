/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on memory that lives longer than it takes to load a patch. Patched code uses and frees
 * objects that old code has allocated; after the patch is unloaded, old code does so with objects
 * of patched code.
 */
#include "safety/rules_memory.h"

#include "safety/rules_allocators.h"
#include "safety/rules_embedding.h"
#include "safety/rules_sizes.h"

void safety_check_memory(const struct unit_context *context, const struct function_calls_vec *all,
			 struct finding_vec *findings)
{
	safety_check_allocators(context, all, findings);
	safety_check_sizes(context, all, findings);
	safety_check_embedding(context, findings);
}
