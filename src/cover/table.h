/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills the report's list of units, with the state of each, and its totals. */
#ifndef SUTURE_COVER_TABLE_H
#define SUTURE_COVER_TABLE_H

#include "cover/covering.h"

/* Notes, after a build, which changed files this kernel does not compile. */
void table_note_not_built(struct covering *covering);

/* Fills the report's units, totals, module and verdict after the last build. */
void table_fill(struct covering *covering);

#endif
