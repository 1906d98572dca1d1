/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Declares one command a line; main.c has the table. */
#ifndef SUTURE_CLI_COMMANDS_H
#define SUTURE_CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct command cmd_doctor;
extern const struct command cmd_show;
extern const struct command cmd_build;
extern const struct command cmd_cover;
extern const struct command cmd_diff;
extern const struct command cmd_explain;
extern const struct command cmd_fetch;
extern const struct command cmd_cache;
extern const struct command cmd_test;
extern const struct command cmd_list;
extern const struct command cmd_load;
extern const struct command cmd_status;
extern const struct command cmd_unload;
extern const struct command cmd_advise;
extern const struct command cmd_auto;
extern const struct command cmd_install;
extern const struct command cmd_uninstall;
extern const struct command cmd_unlock;
extern const struct command cmd_sign;
extern const struct command cmd_package;
extern const struct command cmd_publish;
extern const struct command cmd_cves;

#endif
