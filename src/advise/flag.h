/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /run/reboot-required with .pkgs (Debian, Ubuntu) and /run/reboot-needed (zypp): who asked for a
 * reboot.  What Suture wrote itself is kept apart in /run/suture, so that it is never taken for
 * evidence.
 */
#ifndef SUTURE_ADVISE_FLAG_H
#define SUTURE_ADVISE_FLAG_H

#include "advise/advise.h"
#include "advise/rules.h"

/* What others asked for, in advice->flagged and advice->flag. */
struct err *flag_read(const struct root *root, struct advice *advice);

/*
 * Of those, what is in effect without a reboot: entries of kernels whose fixes are all covered
 * by loaded live patches.
 */
bool flag_is_covered(const struct rules *rules, const struct advice *advice, const char *package);

#endif
