/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the options of a command with getopt_long(), from the command's own table. */
#include "cli/args.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

/* getopt_long() returns this plus n for the nth option of a table; it is above every letter. */
#define OPTION_BASE 256

static const struct cli_option no_options[] = {{}};

static const struct cli_option *options_of(const struct command *command)
{
	return command->options ? command->options : no_options;
}

static size_t count_options(const struct cli_option *options)
{
	size_t count = 0;

	while (options[count].name)
		count++;
	return count;
}

static struct err *bad_option(const struct command *command, int opt, char **argv)
{
	const char *given = argv[optind - 1];

	if (opt == ':')
		return err_code_new(ERR_USAGE, "%s: option '%s' needs a value", command->name,
				    given);
	if (optopt && optopt < OPTION_BASE)
		return err_code_new(ERR_USAGE, "%s: unknown option '-%c'; see 'suture help %s'",
				    command->name, optopt, command->name);
	return err_code_new(ERR_USAGE,
			    "%s: option '%s' is unknown or takes no value; see 'suture help %s'",
			    command->name, given, command->name);
}

static struct err *check_count(const struct command *command, int argc, char **argv)
{
	if (argc < command->min_args)
		return err_code_new(ERR_USAGE, "%s: missing argument; usage: suture %s %s",
				    command->name, command->name, command->args);
	if (command->max_args >= 0 && argc > command->max_args)
		return err_code_new(ERR_USAGE, "%s: unexpected argument '%s'; usage: suture %s %s",
				    command->name, argv[command->max_args], command->name,
				    command->args);
	return NULL;
}

static struct err *args_parse_option(const struct command *command, int argc, char **argv,
				     const char *letters, const struct option *longs,
				     struct cli_args *args)
{
	const struct cli_option *options = options_of(command);
	int opt;

	optind = 0; /* with 0, glibc starts over and reads POSIXLY_CORRECT again */
	opterr = 0;
	while ((opt = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct cli_option *option = options;

		if (opt == '?' || opt == ':')
			return bad_option(command, opt, argv);
		if (opt >= OPTION_BASE)
			option = &options[opt - OPTION_BASE];
		else
			while (option->letter != opt)
				option++;
		vec_push(&args->given, (struct cli_given){option, optarg ? optarg : ""});
	}
	args->argc = argc - optind;
	args->argv = argv + optind;
	return check_count(command, args->argc, args->argv);
}

struct err *cli_args_parse(const struct command *command, int argc, char **argv,
			   struct cli_args *args)
{
	const struct cli_option *options = options_of(command);
	size_t count = count_options(options);
	scope_free struct option *longs = xcalloc(count + 1, sizeof(*longs));
	scope_strbuf letters = STRBUF_INIT;

	strbuf_addch(&letters, ':');
	for (size_t i = 0; i < count; i++) {
		longs[i] = (struct option){
			.name = options[i].name,
			.has_arg = options[i].arg ? required_argument : no_argument,
			.val = OPTION_BASE + i,
		};
		if (!options[i].letter)
			continue;
		strbuf_addch(&letters, options[i].letter);
		if (options[i].arg)
			strbuf_addch(&letters, ':');
	}
	return args_parse_option(command, argc, argv, letters.buf, longs, args);
}

void cli_args_free(struct cli_args *args)
{
	vec_free(&args->given);
}

const char *cli_option_next(const struct cli_args *args, const char *name, size_t *at)
{
	while (*at < args->given.len) {
		const struct cli_given *given = &args->given.data[(*at)++];

		if (!strcmp(given->option->name, name))
			return given->value;
	}
	return NULL;
}

const char *cli_option(const struct cli_args *args, const char *name)
{
	const char *last = NULL, *value;
	size_t at = 0;

	while ((value = cli_option_next(args, name, &at)))
		last = value;
	return last;
}

struct err *cli_number(const struct cli_args *args, const char *name, unsigned max,
		       unsigned *number)
{
	const char *text = cli_option(args, name);
	char *end;

	if (!text)
		return NULL;
	errno = 0;

	unsigned long value = strtoul(text, &end, 10);

	if (errno || end == text || *end || *text == '-' || !value || value > max)
		return err_code_new(ERR_USAGE, "--%s: '%s' is not a number from 1 to %u", name,
				    text, max);
	*number = value;
	return NULL;
}

struct target_spec cli_target_spec(const struct cli_args *args)
{
	return (struct target_spec){
		.release = cli_option(args, "kernel"),
		.image = cli_option(args, "image"),
		.modules = cli_option(args, "modules"),
		.build_dir = cli_option(args, "build-dir"),
		.source = cli_option(args, "source"),
		.toolchain = cli_option(args, "toolchain"),
	};
}

void cli_help_options(const struct cli_option *options, struct strbuf *out)
{
	for (; options && options->name; options++) {
		scope_strbuf left = STRBUF_INIT;

		if (options->letter)
			strbuf_addf(&left, "-%c, ", options->letter);
		else
			strbuf_addstr(&left, "    ");
		strbuf_addf(&left, "--%s", options->name);
		if (options->arg)
			strbuf_addf(&left, " %s", options->arg);
		strbuf_addf(out, "  %-24s %s\n", left.buf, options->help);
	}
}
