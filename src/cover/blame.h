/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which atoms are to blame for what a build refused. */
#ifndef SUTURE_COVER_BLAME_H
#define SUTURE_COVER_BLAME_H

#include "cover/covering.h"

/*
 * Whether a finding speaks against carrying what it is about: it refuses, or it says that a part of
 * a file's change would be lost, which a single fix may do without.
 */
bool blame_counts(const struct finding *finding);

/*
 * Gives the reasons of the last build's refusal to carried atoms, which are no longer carried then,
 * nor are those that belong to them.  *any is false when none was found.
 */
struct err *blame_refusals(struct covering *covering, bool *any);

#endif
