/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on new types around objects that existed before the patch was loaded. */
#ifndef SUTURE_SAFETY_RULES_EMBEDDING_H
#define SUTURE_SAFETY_RULES_EMBEDDING_H

#include "finding/finding.h"
#include "safety/context.h"

/* Reports new types that contain, or begin like, a type that a changed function used before. */
void safety_check_embedding(const struct unit_context *context, struct finding_vec *findings);

#endif
