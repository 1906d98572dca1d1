/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the functions that a patch changes, adds or removes. */
#ifndef SUTURE_KLP_FUNCTIONS_H
#define SUTURE_KLP_FUNCTIONS_H

#include "klp/build.h"

/* Adds the piece's functions to the report, after its part was resolved. */
struct err *functions_report(struct build *build, struct piece *piece);

/* Sets the lines and objects of all findings; to be called once all functions are reported. */
void functions_place_findings(struct build *build);

/* Adds findings on what uses the functions in the running kernel, if the patch is for that one. */
void functions_check_running(struct build *build);

#endif
