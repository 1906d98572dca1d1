/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files the compiler and the assembler have read for a patched unit. */
#ifndef SUTURE_PAIR_READS_H
#define SUTURE_PAIR_READS_H

#include "base/vec.h"
#include "pair/pairing.h"

/*
 * Adds a build-hostile finding for each file that the patched side of unit was made from, and that
 * is neither of the kernel's source and build nor a header of the compiler.  deps are what the
 * compiler says that it has read, as seen from dir.  Notes in the unit whether there are any.
 */
struct err *reads_check(struct pairing *pairing, struct paired_unit *unit, const char *dir,
			const struct str_vec *deps);

#endif
