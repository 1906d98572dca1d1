/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a compiled object was made from, as the compiler noted it. */
#ifndef SUTURE_KBUILD_DEPS_H
#define SUTURE_KBUILD_DEPS_H

#include "base/vec.h"

/* Lists the files that a dependency file (make syntax) names after its target, as written. */
void kbuild_deps_parse(const char *text, struct str_vec *deps);

#endif
