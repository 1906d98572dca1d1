/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes apart tables of constants whose only users are replaced with them. */
#ifndef SUTURE_DIFF_TABLES_H
#define SUTURE_DIFF_TABLES_H

#include "diff/atom.h"

struct err *tables_release(struct side *orig, struct side *patched);

#endif
