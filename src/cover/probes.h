/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares the types that headers change, once and before any file of the kernel is compiled. */
#ifndef SUTURE_COVER_PROBES_H
#define SUTURE_COVER_PROBES_H

#include "cover/covering.h"
#include "cover/survey.h"

/*
 * Compiles short sources that only include the changed headers, with both versions of these, and
 * compares the types in the debug data. Stops carrying the units of types whose layout differs from
 * that of existing objects, and the units of headers that do not compile. Sets covering.unseen for
 * each changed type that appears in no debug data.
 */
struct err *probes_judge(struct covering *covering, const struct survey *survey);

#endif
