/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which files the compiler and the assembler have read for a patched unit. */
#ifndef SUTURE_PAIR_READS_H
#define SUTURE_PAIR_READS_H

#include "base/vec.h"
#include "pair/pairing.h"

/*
 * Adds a build-hostile finding for each file that the patched side of unit was made from and that
 * belongs neither to the kernel's source and build nor to the compiler's headers. deps are the
 * files that the compiler read, as seen from dir.  Sets reads_outside of the unit if there are any.
 */
struct err *reads_check(struct pairing *pairing, struct paired_unit *unit, const char *dir,
			const struct str_vec *deps);

#endif
