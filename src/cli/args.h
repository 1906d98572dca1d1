/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between main.c and args.c. */
#ifndef SUTURE_CLI_ARGS_H
#define SUTURE_CLI_ARGS_H

#include "base/strbuf.h"
#include "cli/cli.h"

/* argv[0] is the command's name.  The strings of args are those of argv. */
struct err *cli_args_parse(const struct command *command, int argc, char **argv,
			   struct cli_args *args);
void cli_args_free(struct cli_args *args);
#define scope_cli_args __attribute__((cleanup(cli_args_free))) struct cli_args

/* The options that every command has; ends with an empty one. */
extern const struct cli_option cli_global_options[];

/* Returns the error about an unknown option that stands where a command is expected. */
struct err *cli_unknown_global(const char *given);

/* Prints one line for each option. */
void cli_help_options(const struct cli_option *options, struct strbuf *out);

#endif
