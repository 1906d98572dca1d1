/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which security fixes the newest kernel brings, and which of them live patches have loaded. */
#ifndef SUTURE_ADVISE_COVERAGE_H
#define SUTURE_ADVISE_COVERAGE_H

#include "advise/advise.h"

/* Fills in livepatches, fixes, covered and all_covered of a kernel that is looked at. */
struct err *coverage_look(const struct root *root, struct advise_kernel *kernel);

/* Appends the CVE ids of entries of a changelog that are newer than a version; sorted, once. */
void changelog_fixes(const char *text, const char *version, struct str_vec *cves);

/* Appends what the report of a live patch says it fixes; also false for one that is not JSON. */
bool report_fixes(const char *text, size_t size, struct str_vec *cves);

#endif
