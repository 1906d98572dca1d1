/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The units and what became of each. */
#ifndef SUTURE_COVER_TABLE_H
#define SUTURE_COVER_TABLE_H

#include "cover/covering.h"

/* After a build: notes which files this kernel has no unit of. */
void table_note_not_built(struct covering *covering);

/* At the end: fills the report's units, totals, module and verdict. */
void table_fill(struct covering *covering);

#endif
