/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs of a build run in, as the command line and this machine have it. */
#ifndef SUTURE_CLI_SANDBOX_CHOICE_H
#define SUTURE_CLI_SANDBOX_CHOICE_H

#include "base/sandbox.h"
#include "cli/cli.h"

/*
 * Patches come from strangers: without a sandbox, nothing is built unless --no-sandbox asks for
 * that.
 */
struct err *cli_choose_sandbox(const struct cli_args *args, enum sandbox_kind *kind);

#endif
