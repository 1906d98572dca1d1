/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on the sizes of objects that code allocates. */
#ifndef SUTURE_SAFETY_RULES_SIZES_H
#define SUTURE_SAFETY_RULES_SIZES_H

#include "finding/finding.h"
#include "safety/call_changes.h"

/* Reports objects that patched code allocates larger than the code before. */
void safety_check_sizes(const struct unit_context *context, const struct function_calls_vec *all,
			struct finding_vec *findings);

#endif
