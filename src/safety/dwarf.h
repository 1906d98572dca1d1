/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the types and functions of a compiled unit from its debug data. */
#ifndef SUTURE_SAFETY_DWARF_H
#define SUTURE_SAFETY_DWARF_H

#include "base/err.h"
#include "safety/types.h"

/* Leaves the result empty if the object has no debug data. */
struct err *unit_types_read(const char *object, struct unit_types **types);

#endif
