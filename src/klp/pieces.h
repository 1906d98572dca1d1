/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the second step of a build: selects each unit's part for each object of the kernel that it
 * is linked into.
 */
#ifndef SUTURE_KLP_PIECES_H
#define SUTURE_KLP_PIECES_H

#include "klp/build.h"

/* Fills build->pieces, and proves the unpatched code of each against the shipped kernel. */
struct err *pieces_add(struct build *build);

/*
 * Selects for each piece the part that has to be loaded, and does so again when plain.h has
 * compiled a unit differently.  The time is added to the report's seconds; *mark is where the
 * measuring goes on (build_lap()).
 */
struct err *pieces_select(struct build *build, double *mark);

void pieces_free(struct build *build);

#endif
