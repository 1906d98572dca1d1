/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows in apt what an upgrade takes. */
#ifndef SUTURE_CLI_ADVISE_HOOK_H
#define SUTURE_CLI_ADVISE_HOOK_H

#include "advise/advise.h"
#include "cli/cli.h"

/* Serves apt's hooks on the socket that APT_HOOK_SOCKET names. */
struct err *cli_advise_hook_apt(const struct cli *cli, const struct root *root);

#endif
