/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the atoms that caused a finding or a compiler error, and stops carrying them. */
#ifndef SUTURE_COVER_BLAME_H
#define SUTURE_COVER_BLAME_H

#include "cover/covering.h"
#include "klp/klp.h"

/*
 * Returns whether the atoms that a finding concerns must not be carried. That is so if it refuses,
 * and if it warns of what a single fix may do with, but a whole update may not: a part of a file's
 * change that would be lost, or the loop of a kernel thread, for which all other fixes would wait.
 */
bool blame_counts(const struct finding *finding);

/*
 * Adds each finding that counts to the reasons of the carried atoms that caused it, and stops
 * carrying these atoms and their units. The compiler's output in failures locates errors. Sets
 * *any to whether an atom was found.
 */
struct err *blame_findings(struct covering *covering, const struct finding_vec *findings,
			   const struct klp_failure_vec *failures, bool *any);

/*
 * Does the same as blame_findings() for sources that are not in the tree, such as probes: only
 * errors in headers lead to atoms.
 */
struct err *blame_headers_alone(struct covering *covering, const struct finding_vec *findings,
				const struct klp_failure_vec *failures, bool *any);

/*
 * Does the same as blame_findings() for findings whose place is exact: it blames the atoms
 * that declare the symbol in the file, or without a symbol all atoms of the file.
 */
void blame_places(struct covering *covering, const struct finding_vec *findings);

#endif
