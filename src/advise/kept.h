/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps verdicts on transactions until the next boot, in /run/suture/transactions.json.  /proc does
 * not show that firmware, modules or hypervisors were updated, nor that a rule or a vendor's
 * advisory asks for more than what the processes need, so what is known before an installation must
 * not be forgotten after it.
 */
#ifndef SUTURE_ADVISE_KEPT_H
#define SUTURE_ADVISE_KEPT_H

#include "advise/advise.h"

/*
 * Sets advice->kept.  Verdicts of another boot do not count, nor those on a package that dpkg has
 * in the version from before or does not have: the transaction did not happen, or was undone.  A
 * third version counts.  On machines with rpm, a transaction back to that version counts as done
 * once the database was written.  A soft-reboot settles what needs a soft-reboot or the end of
 * sessions.
 */
struct err *kept_read(const struct root *root, struct advice *advice);

#endif
