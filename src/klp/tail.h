/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the jumps by which replaced functions end in new code into calls. */
#ifndef SUTURE_KLP_TAIL_H
#define SUTURE_KLP_TAIL_H

#include "klp/build.h"

/*
 * Changes the code of all pieces, after their symbols were resolved.  A jump that cannot become a
 * call is a finding that refuses the build.
 */
struct err *tails_cover(struct build *build);

#endif
