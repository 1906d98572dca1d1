/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads who asked for a reboot: /run/reboot-required with .pkgs (Debian, Ubuntu), and
 * /run/reboot-needed (zypp).  Suture's own entries are also listed in /run/suture, so that they are
 * never taken for evidence.
 */
#ifndef SUTURE_ADVISE_FLAG_H
#define SUTURE_ADVISE_FLAG_H

#include "advise/advise.h"
#include "advise/rules.h"

/* Sets advice->flagged and advice->flag to what others asked for. */
struct err *flag_read(const struct root *root, struct advice *advice);

/*
 * Returns whether an entry needs no reboot: it is a kernel's, and loaded live patches have all of
 * the kernel's fixes.
 */
bool flag_is_covered(const struct rules *rules, const struct advice *advice, const char *package);

#endif
