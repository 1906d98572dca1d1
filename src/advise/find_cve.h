/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells where the fix of one CVE is: in what runs, in what is installed, or in a pending update. */
#ifndef SUTURE_ADVISE_FIND_CVE_H
#define SUTURE_ADVISE_FIND_CVE_H

#include "advise/advise.h"

/* Says where the fix of a kernel's CVE is; *verdict is what must be done until it is in effect. */
char *advise_find_cve(const struct root *root, const struct advice *advice, const char *id,
		      enum advise_verdict *verdict);

#endif
