/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the patched source as a farm over the pristine one, and build folders over both. */
#ifndef SUTURE_PAIR_TREES_H
#define SUTURE_PAIR_TREES_H

#include "pair/pairing.h"

/* Makes the patched source tree of a place; lined: with #line directives. */
struct err *trees_make(struct pairing *pairing, enum place place, bool lined);

/*
 * Makes the build folder of a place, with real folders where objects are written and sources
 * include files. The tree must exist, except for PLACE_PLAIN, whose tree is made as well.
 */
struct err *trees_make_place(struct pairing *pairing, enum place place);

#endif
