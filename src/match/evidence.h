/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gathers evidence from data and tables about proven code. */
#ifndef SUTURE_MATCH_EVIDENCE_H
#define SUTURE_MATCH_EVIDENCE_H

#include "match/facts.h"

/* Binds the symbols that they refer to; returns true if a binding is new. */
bool evidence_explore(struct match *match);

#endif
