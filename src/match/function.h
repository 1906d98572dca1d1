/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proves functions of the unit. */
#ifndef SUTURE_MATCH_FUNCTION_H
#define SUTURE_MATCH_FUNCTION_H

#include "match/facts.h"

/* Judges one function: its proof, place and reason are in the fact then. */
void function_judge(struct match *match, struct fact *fact);

/* Proves all that can be proven: for when evidence from elsewhere is needed. */
void match_settle(struct match *match);

#endif
