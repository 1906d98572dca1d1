/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proves functions of the unit. */
#ifndef SUTURE_MATCH_FUNCTION_H
#define SUTURE_MATCH_FUNCTION_H

#include "match/facts.h"

/* Judges one function; the fact then has its proof, place and reason. */
void function_judge(struct match *match, struct fact *fact);

/* Proves all functions that it can, for when evidence from elsewhere is needed. */
void match_settle(struct match *match);

#endif
