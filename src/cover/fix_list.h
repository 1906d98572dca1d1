/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a list of security fixes with the files that each changes, keeps the changes of one fix
 * together, and tells for each fix whether the live patch contains it.
 */
#ifndef SUTURE_COVER_FIX_LIST_H
#define SUTURE_COVER_FIX_LIST_H

#include "cover/covering.h"

/*
 * Reads a list with one fix a line: the version that first contains it, its CVE id, the paths of
 * its files with spaces between them, and optionally its commit, all separated by tabs. Skips empty
 * lines and those that start with "#". A line of another form is an error with its number. The
 * caller frees the fixes with cover_fixes_free().
 */
struct err *fix_list_read(const char *path, struct cover_fix_vec *fixes);

/*
 * Marks fixes as absent that the version `from` already contains, or the version `to` does not
 * yet, unless both are revisions of the same version.
 * Versions are those of source packages, such as "6.1.170-3"; a fix of another series is absent.
 */
void fix_list_select(struct cover_fix_vec *fixes, const char *from, const char *to);

/*
 * Joins, for each fix, all atoms that may belong to it. If the series contains its commit, these
 * are the commit's; else those of its files, except atoms of shared headers that its other files
 * do not name. The list does not tell which lines of a file a fix changes, so a file that several
 * fixes change joins them.
 */
void fix_list_join(struct covering *covering);

/*
 * Sets the state and the open units of each fix, adds the CVE ids to the report's units, and counts
 * the CVE ids in each state. unit_of has, for each atom, the index of its unit in the report.
 */
void fix_list_judge(struct covering *covering, const size_t *unit_of);

#endif
