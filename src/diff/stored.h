/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows the address of an object through the code that takes it. */
#ifndef SUTURE_DIFF_STORED_H
#define SUTURE_DIFF_STORED_H

#include "diff/atom.h"

/*
 * Adds to found what the function does with the address in ref. *from is where instructions are
 * known to start: 0 for a function's first ref, and passed on to the next ones, in their order.
 */
struct err *stored_follow(const struct atom *function, const struct ref *ref, uint64_t *from,
			  struct diff_stored *found) ERR_MUST_USE;

#endif
