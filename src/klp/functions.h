/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions a patch changes, adds or removes, with what is known of each. */
#ifndef SUTURE_KLP_FUNCTIONS_H
#define SUTURE_KLP_FUNCTIONS_H

#include "klp/build.h"

/* Adds the piece's functions to the report; after its part was resolved. */
struct err *functions_report(struct build *build, struct piece *piece);

/* Once all are reported: gives findings the line and the object of what they are about. */
void functions_place_findings(struct build *build);

/* Adds what the running kernel does with them, if it is the one that the patch is for. */
void functions_check_running(struct build *build);

#endif
