/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges each structure, union and enumeration that headers change, once, before units are built.
 */
#ifndef SUTURE_COVER_PROBES_H
#define SUTURE_COVER_PROBES_H

#include "cover/covering.h"
#include "cover/survey.h"

/*
 * Compiles short sources that do nothing but include the headers that change, in both versions, and
 * compares the types that the debug data describe.  Atoms with a layout that objects of the running
 * kernel do not have, and headers that do not compile, are left out with what belongs to them.
 * Notes in covering.unseen which changed types none of the sources shows.
 */
struct err *probes_judge(struct covering *covering, const struct survey *survey);

#endif
