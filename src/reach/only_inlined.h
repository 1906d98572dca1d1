/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells whether boot code changes only because of functions inlined into it. */
#ifndef SUTURE_REACH_ONLY_INLINED_H
#define SUTURE_REACH_ONLY_INLINED_H

#include <stdbool.h>

#include "base/err.h"
#include "patch/patch.h"

/*
 * Returns whether the changes do not touch the text of a function that runs only at boot, nor
 * anything else that could change that text's meaning (macros, types, data, other boot code). They
 * are then in the bodies of functions that are also used later, whatever the compiler made of
 * these.
 */
struct err *reach_only_inlined(const struct changed_file_vec *files, const char *function,
			       bool *only);

#endif
