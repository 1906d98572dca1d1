/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the units that a build compared and proved, so that later builds skip them. */
#ifndef SUTURE_KLP_SETTLED_H
#define SUTURE_KLP_SETTLED_H

#include "klp/build.h"

/* Fills in klp_report.settled once all findings are known. */
struct err *settled_note(struct build *build);

#endif
