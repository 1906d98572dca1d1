/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Correlates the atoms of two sides. */
#ifndef SUTURE_DIFF_CORRELATE_H
#define SUTURE_DIFF_CORRELATE_H

#include "diff/atom.h"

/* Sets the twins of both sides, and marks atoms that could be the twin of several. */
void correlate(struct side *orig, struct side *patched);

#endif
