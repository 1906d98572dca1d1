/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells whether boot code changes only because of functions inlined into it. */
#ifndef SUTURE_REACH_ONLY_INLINED_H
#define SUTURE_REACH_ONLY_INLINED_H

#include <stdbool.h>

#include "base/err.h"
#include "patch/patch.h"

/*
 * Whether the changes leave the text of a function alone that runs at boot only, and all that
 * text could mean something else by (macros, types, data, other code that runs at boot): they are
 * in the bodies of functions that are used later, too, whatever the compiler made of these.
 */
struct err *reach_only_inlined(const struct changed_file_vec *files, const char *function,
			       bool *only);

#endif
