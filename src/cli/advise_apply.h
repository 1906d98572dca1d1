/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restarts what `suture advise` finds safe to restart. */
#ifndef SUTURE_CLI_ADVISE_APPLY_H
#define SUTURE_CLI_ADVISE_APPLY_H

#include "advise/advise.h"
#include "cli/cli.h"

/*
 * Restarts the services that can be restarted safely, and reports that as text or JSON. Unless
 * really is set, it only reports what it would do. *status is 1 when a restart failed, and 104 when
 * not everything could be examined.
 */
struct err *cli_advise_apply(const struct cli *cli, const struct advice *advice, bool really,
			     int *status);

#endif
