/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the security fixes of the newest kernel, and those that loaded live patches have. */
#ifndef SUTURE_ADVISE_COVERAGE_H
#define SUTURE_ADVISE_COVERAGE_H

#include "advise/advise.h"

/* Sets livepatches, patched, fixes, covered and all_covered, after kernels_look(). */
struct err *coverage_look(const struct root *root, struct advise_kernel *kernel);

/*
 * Returns whether a loaded live patch makes the running kernel equivalent to that version, or to a
 * later one.
 */
bool coverage_reaches(const struct advise_kernel *kernel, const char *version);

/*
 * Sets update->cves to the CVE ids that a kernel package fixes and the running kernel does not;
 * cves_known stays false if the package's changelog cannot be read.  The package is read where apt
 * has downloaded it; if it has not, and fetch is set, it is downloaded into a temporary folder.
 */
struct err *coverage_pending(const struct root *root, const struct advise_kernel *kernel,
			     bool fetch, struct advise_update *update);

/* Returns whether there are CVE ids and loaded live patches fix all of them. */
bool coverage_complete(const struct advise_kernel *kernel, const struct str_vec *cves);

/*
 * Appends the CVE ids that the changelog of an installed kernel names for this version and those
 * before it.  Returns false if there is no changelog with that version.
 */
bool coverage_kernel_cves(const struct root *root, const char *release, const char *version,
			  struct str_vec *cves);

/*
 * Sets the CVE ids in a changelog's entries from the newer version down to the older one, whose own
 * entry does not count; sorted, without doubles.  Returns false if the changelog lacks one of the
 * two versions, and so does not tell.
 */
bool coverage_changelog_fixes(const char *text, const char *newer, const char *older,
			      struct str_vec *cves);

#endif
