/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps verdicts on transactions until the next boot, in /run/suture/transactions.json.  /proc does
 * not show that firmware, modules or hypervisors were updated, nor that a vendor's advisory asks
 * for a reboot, so what is known before an installation must not be forgotten after it.
 */
#ifndef SUTURE_ADVISE_KEPT_H
#define SUTURE_ADVISE_KEPT_H

#include "advise/advise.h"

/*
 * Sets advice->kept.  Verdicts of another boot do not count, nor those on a package that dpkg has
 * in another version than the one that should have been installed: the transaction did not happen,
 * or was undone.
 */
struct err *kept_read(const struct root *root, struct advice *advice);

#endif
