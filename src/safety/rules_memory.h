/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on memory that the running kernel has allocated and that patched code uses or frees. */
#ifndef SUTURE_SAFETY_RULES_MEMORY_H
#define SUTURE_SAFETY_RULES_MEMORY_H

#include "safety/call_changes.h"
#include "safety/context.h"

/* Finds objects whose size or allocator differs from the running kernel's. */
void safety_check_memory(const struct unit_context *context, const struct function_calls_vec *all,
			 struct finding_vec *findings);

#endif
