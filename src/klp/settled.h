/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers units that an earlier build compared and proved, so that later builds skip them. */
#ifndef SUTURE_KLP_SETTLED_H
#define SUTURE_KLP_SETTLED_H

#include "klp/build.h"

/* Sets *has to whether klp_build_spec.settled contains the unit with its present patched object. */
struct err *settled_has(const struct build *build, const struct pair_unit *unit, bool *has);

/* Adds to klp_report.settled each unit without a refusal, once all findings are known. */
struct err *settled_note(struct build *build);

#endif
