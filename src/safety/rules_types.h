/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on the types that changed code uses. */
#ifndef SUTURE_SAFETY_RULES_TYPES_H
#define SUTURE_SAFETY_RULES_TYPES_H

#include "safety/context.h"

/* Finds types of newly included headers that the kernel defines differently. */
void safety_check_new_types(const struct unit_context *context, struct finding_vec *findings);

#endif
