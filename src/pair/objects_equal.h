/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares objects that were compiled twice from the same source. */
#ifndef SUTURE_PAIR_OBJECTS_EQUAL_H
#define SUTURE_PAIR_OBJECTS_EQUAL_H

#include <stdbool.h>

#include "base/err.h"

/* Returns whether two object files load the same bytes with the same relocations. */
struct err *objects_equal(const char *pre, const char *post, bool *equal);

#endif
