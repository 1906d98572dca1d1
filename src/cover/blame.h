/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which atoms are to blame for what a build refused. */
#ifndef SUTURE_COVER_BLAME_H
#define SUTURE_COVER_BLAME_H

#include "cover/covering.h"

/*
 * Gives the reasons of the last build's refusal to carried atoms, which are no longer carried then,
 * nor are those that belong to them.  *any is false when none was found.
 */
struct err *blame_refusals(struct covering *covering, bool *any);

#endif
