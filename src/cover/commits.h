/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the atoms that each commit of a series changes, keeps them together, and tells for each
 * commit whether the live patch contains it.
 */
#ifndef SUTURE_COVER_COMMITS_H
#define SUTURE_COVER_COMMITS_H

#include "cover/covering.h"

/*
 * Finds the atoms of each commit by the lines that it adds and removes; lines that a later commit
 * changes again do not count. It must be called before atoms_drop_tokens().
 */
void commits_locate(struct covering *covering);

/* Joins the atoms of each commit. */
void commits_join(struct covering *covering);

/* Returns the atoms of the commit with that id, or NULL if the series does not contain it. */
const struct atom_list *commits_find(const struct covering *covering, const char *id);

/* Fills cover_report.commits and counts them. For unit_of see fix_list_judge(). */
void commits_judge(struct covering *covering, const size_t *unit_of);

#endif
