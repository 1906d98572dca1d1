/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on which allocator memory comes from. */
#ifndef SUTURE_SAFETY_RULES_ALLOCATORS_H
#define SUTURE_SAFETY_RULES_ALLOCATORS_H

#include "finding/finding.h"
#include "safety/call_changes.h"

/* Reports memory that code of one version allocates and that of the other frees in another way. */
void safety_check_allocators(const struct unit_context *context,
			     const struct function_calls_vec *all, struct finding_vec *findings);

#endif
