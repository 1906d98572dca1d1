/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on what callers and called functions agree upon. */
#ifndef SUTURE_SAFETY_RULES_PROTOTYPE_H
#define SUTURE_SAFETY_RULES_PROTOTYPE_H

#include "safety/context.h"

/* Functions whose prototype changes while others go on calling them the old way. */
void safety_check_prototypes(const struct unit_context *context, struct finding_vec *findings);

#endif
