/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "base/proc.h"
#include "cli/cli.h"
#include "cli/commands.h"

static struct err *run_doctor(const struct cli *cli, const struct cli_args *args, int *status)
{
	(void)cli;
	(void)args;
	(void)status;
	return err_new("not there yet");
}

static const struct cli_option options[] = {CLI_KERNEL_OPTIONS, {}};

const struct command cmd_doctor = {
	.name = "doctor",
	.summary = "what this machine has, what it lacks, and how to get it",
	.args = "[--kernel REL]",
	.options = options,
	.example = "suture doctor",
	.run = run_doctor,
};
