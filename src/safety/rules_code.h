/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on what changed functions do. */
#ifndef SUTURE_SAFETY_RULES_CODE_H
#define SUTURE_SAFETY_RULES_CODE_H

#include "safety/context.h"

/* Checks locks, references, sleeps, callbacks, stack use and cost. */
void safety_check_code(const struct unit_context *context, struct finding_vec *findings);

#endif
