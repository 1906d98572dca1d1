/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on the types of variables. */
#ifndef SUTURE_SAFETY_RULES_DATA_H
#define SUTURE_SAFETY_RULES_DATA_H

#include "safety/context.h"

/* Finds variables of the running kernel that patched code reads as another type. */
void safety_check_variables(const struct unit_context *context, struct finding_vec *findings);

#endif
