/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lets patches of the user take the place of the units that change the same code. */
#ifndef SUTURE_COVER_ADDED_H
#define SUTURE_COVER_ADDED_H

#include "cover/covering.h"

/*
 * Applies the patches in cover_spec.added to the source of the target, finds the atoms that they
 * change, and sets covering.replaced for all atoms of the units that contain these; those atoms are
 * no longer carried. Builds get the patches beside the carried changes. A patch that does not apply
 * is an error.
 */
struct err *added_replace(struct covering *covering);

#endif
