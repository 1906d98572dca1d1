/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units that were looked at in an earlier build of many, and need not be again. */
#ifndef SUTURE_KLP_SETTLED_H
#define SUTURE_KLP_SETTLED_H

#include "klp/build.h"

/* Whether klp_build_spec.settled has the unit, with this patched object. */
struct err *settled_has(const struct build *build, const struct pair_unit *unit, bool *has);

/* Fills klp_report.settled once everything was found. */
struct err *settled_note(struct build *build);

#endif
