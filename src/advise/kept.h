/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts on transactions, kept until the next boot in /run/suture/transactions.json.  Firmware,
 * modules and hypervisors leave no mapped file behind, and what a vendor's advisory asks for cannot
 * be seen in /proc: what was known before an installation must not be forgotten after it.
 */
#ifndef SUTURE_ADVISE_KEPT_H
#define SUTURE_ADVISE_KEPT_H

#include "advise/advise.h"

/*
 * Fills in advice->kept.  Verdicts of another boot do not count, nor those on a package that dpkg
 * has in another version than the one that was to be installed: the transaction did not happen, or
 * was undone.
 */
struct err *kept_read(const struct root *root, struct advice *advice);

#endif
