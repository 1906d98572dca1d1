/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The patched source as a farm over the pristine one, and build folders over both. */
#ifndef SUTURE_PAIR_TREES_H
#define SUTURE_PAIR_TREES_H

#include "pair/pairing.h"

/* Makes the patched source tree of a place; lined: with #line directives. */
struct err *trees_make(struct pairing *pairing, enum place place, bool lined);

/*
 * Makes the build folder of a place, with real folders where objects go and sources include.
 * The tree has to be there but for PLACE_PLAIN, whose tree is made too.
 */
struct err *trees_make_place(struct pairing *pairing, enum place place);

#endif
