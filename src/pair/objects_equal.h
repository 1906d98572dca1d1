/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects of the same source, compiled twice. */
#ifndef SUTURE_PAIR_OBJECTS_EQUAL_H
#define SUTURE_PAIR_OBJECTS_EQUAL_H

#include <stdbool.h>

#include "base/err.h"

/* Whether two object files load the same bytes with the same relocations. */
struct err *objects_equal(const char *pre, const char *post, bool *equal);

#endif
