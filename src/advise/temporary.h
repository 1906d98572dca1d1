/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps apart the processes that run removed temporary code of their own. */
#ifndef SUTURE_ADVISE_TEMPORARY_H
#define SUTURE_ADVISE_TEMPORARY_H

#include "advise/advise.h"
#include "advise/scan.h"

/* Makes those of the temporary files stale that a package owns, by dpkg's lists. */
void temporary_drop_owned(const struct root *root, struct scan *scan);

/* Adds the processes with temporary files to the advice. */
void temporary_list(const struct scan *scan, struct advice *advice);

void temporary_free(struct advise_temporary_vec *temporary);

#endif
