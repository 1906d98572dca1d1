/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping what kbuild_again() needs. */
#ifndef SUTURE_KBUILD_AGAIN_H
#define SUTURE_KBUILD_AGAIN_H

#include "kbuild/build.h"

/* Of a unit that was compiled; owned by the caller. */
struct kbuild_again *again_new(const struct build *build, const struct reached *unit);
void again_free(struct kbuild_again *again);

#endif
