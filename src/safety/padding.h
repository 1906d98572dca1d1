/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds space that a structure leaves unused, for the members that its new version adds. */
#ifndef SUTURE_SAFETY_PADDING_H
#define SUTURE_SAFETY_PADDING_H

#include <stdbool.h>

#include "safety/safety.h"
#include "safety/types.h"
#include "safety/versions.h"

/*
 * Lists each added member with the old member behind which it fits without moving another one.
 * The list stays empty unless all of them fit, objects may find all of them zero, and the other
 * members are the same or are only removed.
 */
void padding_fit(const struct type_versions *versions, const struct type *before,
		 const struct type *after, struct type_fit_vec *fits);

#endif
