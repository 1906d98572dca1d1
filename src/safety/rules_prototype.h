/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on prototypes and exports. */
#ifndef SUTURE_SAFETY_RULES_PROTOTYPE_H
#define SUTURE_SAFETY_RULES_PROTOTYPE_H

#include "safety/context.h"

/* Finds functions whose prototype changes while unchanged code still calls them the old way. */
void safety_check_prototypes(const struct unit_context *context, struct finding_vec *findings);

#endif
