/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds tables of constants that can be replaced together with all their users. */
#ifndef SUTURE_DIFF_TABLES_H
#define SUTURE_DIFF_TABLES_H

#include "diff/atom.h"

struct err *tables_release(struct side *orig, struct side *patched);

#endif
