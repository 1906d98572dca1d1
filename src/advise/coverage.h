/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which security fixes the newest kernel brings, and which of them live patches have loaded. */
#ifndef SUTURE_ADVISE_COVERAGE_H
#define SUTURE_ADVISE_COVERAGE_H

#include "advise/advise.h"

/* Fills in livepatches, fixes, covered and all_covered of a kernel that is looked at. */
struct err *coverage_look(const struct root *root, struct advise_kernel *kernel);

/*
 * The CVE ids that a kernel package fixes beyond the running kernel, in update->cves; cves_known
 * stays false when its changelog cannot be read.  The package is the one that apt has downloaded;
 * if it has not, and fetch is set, it is downloaded into a folder of ours, for as long as it takes.
 */
struct err *coverage_pending(const struct root *root, const struct advise_kernel *kernel,
			     bool fetch, struct advise_update *update);

/* Whether loaded live patches have all of them; not for none. */
bool coverage_complete(const struct advise_kernel *kernel, const struct str_vec *cves);

/*
 * Sets the CVE ids of entries of a changelog from the newer version down to the older one,
 * which is not counted; sorted, once.  False when the changelog does not have both ends: then it
 * tells nothing.
 */
bool changelog_fixes(const char *text, const char *newer, const char *older, struct str_vec *cves);

#endif
