/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which atoms are to blame for what a build refused. */
#ifndef SUTURE_COVER_BLAME_H
#define SUTURE_COVER_BLAME_H

#include "cover/covering.h"
#include "klp/klp.h"

/*
 * Whether a finding speaks against carrying what it is about: it refuses, or it says that a part of
 * a file's change would be lost, which a single fix may do without.
 */
bool blame_counts(const struct finding *finding);

/*
 * Gives findings, with what the compiler said of units that failed, to carried atoms as reasons;
 * these are no longer carried then, nor are those that belong to them.  *any is false when no atom
 * was found.
 */
struct err *blame_findings(struct covering *covering, const struct finding_vec *findings,
			   const struct klp_failure_vec *failures, bool *any);

/* Does the same where the sources that failed are not those of the tree. */
struct err *blame_headers_alone(struct covering *covering, const struct finding_vec *findings,
				const struct klp_failure_vec *failures, bool *any);

/*
 * Does the same with findings whose places say all: what declares the symbol in the file, or all
 * that the file changes.
 */
void blame_places(struct covering *covering, const struct finding_vec *findings);

#endif
