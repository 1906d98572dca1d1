/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the command, runs it, and turns its result into output and an exit code. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/nearest.h"
#include "base/printable.h"
#include "base/strbuf.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/commands.h"

/* The help lists commands in this order; a command with a title begins a group. */
static const struct {
	const char *title;
	const struct command *command;
} commands[] = {
	{"make a live patch", &cmd_build},
	{NULL, &cmd_cover},
	{NULL, &cmd_fetch},
	{NULL, &cmd_sign},
	{NULL, &cmd_package},
	{NULL, &cmd_publish},
	{NULL, &cmd_cache},
	{"try it and look into it", &cmd_test},
	{NULL, &cmd_show},
	{NULL, &cmd_diff},
	{NULL, &cmd_explain},
	{"run it", &cmd_load},
	{NULL, &cmd_unload},
	{NULL, &cmd_install},
	{NULL, &cmd_uninstall},
	{NULL, &cmd_unlock},
	{NULL, &cmd_auto},
	{"ask", &cmd_status},
	{NULL, &cmd_list},
	{NULL, &cmd_advise},
	{NULL, &cmd_cves},
	{NULL, &cmd_doctor},
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < array_size(commands); i++)
		if (!strcmp(commands[i].command->name, name))
			return commands[i].command;
	return NULL;
}

static void print_help(FILE *stream)
{
	scope_strbuf out = STRBUF_INIT;

	strbuf_addstr(&out, "usage: suture [options] COMMAND ...\n\n"
			    "Live patches for Linux kernels, from a source patch.\n\ncommands:\n");
	for (size_t i = 0; i < array_size(commands); i++) {
		if (commands[i].title)
			strbuf_addf(&out, " %s:\n", commands[i].title);
		strbuf_addf(&out, "  %-10s %s\n", commands[i].command->name,
			    commands[i].command->summary);
	}
	strbuf_addstr(&out, "\noptions, before or after the command:\n");
	cli_help_options(cli_global_options, &out);
	strbuf_addstr(
		&out,
		"\n'suture help COMMAND' describes a command.  Exit codes: 0 done, 1 failed, 2 usage error, 3 refused, 4 done in part.\n");
	cli_block(stream, out.buf);
}

static void print_command_help(const struct command *command)
{
	scope_strbuf out = STRBUF_INIT;

	strbuf_addf(&out, "usage: suture %s %s\n\n%s: %s\n", command->name, command->args,
		    command->name, command->summary);
	if (command->options) {
		strbuf_addstr(&out, "\noptions:\n");
		cli_help_options(command->options, &out);
	}
	if (command->help)
		strbuf_addf(&out, "\n%s", command->help);
	strbuf_addf(&out, "\nexample:\n  %s\n", command->example);
	cli_block(stdout, out.buf);
}

/* Takes the global options out of argv, wherever they are before a "--". */
static int take_global(struct cli *cli, int argc, char **argv, bool *help, bool *version)
{
	int left = 1;

	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (!strcmp(arg, "--")) {
			while (i < argc)
				argv[left++] = argv[i++];
			break;
		}
		if (!strcmp(arg, "--json"))
			cli->json = true;
		else if (!strcmp(arg, "-v") || !strcmp(arg, "--verbose"))
			cli->verbosity = 1;
		else if (!strcmp(arg, "-q") || !strcmp(arg, "--quiet"))
			cli->verbosity = -1;
		else if (!strcmp(arg, "-h") || !strcmp(arg, "--help"))
			*help = true;
		else if (!strcmp(arg, "-V") || !strcmp(arg, "--version"))
			*version = true;
		else
			argv[left++] = argv[i];
	}
	argv[left] = NULL;
	return left;
}

/* What kpatch and other tools call it, which is too far from the command's name for a guess. */
static const struct {
	const char *word, *command;
} elsewhere[] = {
	{"info", "show"},
	{"inspect", "show"},
	{"modinfo", "show"},
	{"describe", "show"},
	{"apply", "load"},
	{"enable", "load"},
	{"insmod", "load"},
	{"modprobe", "load"},
	{"start", "load"},
	{"disable", "unload"},
	{"remove", "unload"},
	{"revert", "unload"},
	{"rmmod", "unload"},
	{"stop", "unload"},
	{"rollback", "unload"},
	{"ls", "list"},
	{"patches", "list"},
	{"verify", "test"},
	{"try", "test"},
	{"compile", "build"},
	{"patch", "build"},
	{"kpatch-build", "build"},
	{"delete", "unload"},
	{"create", "build"},
	{"make", "build"},
	{"download", "fetch"},
	{"update", "advise"},
	{"upgrade", "advise"},
	{"check", "advise"},
	{"needrestart", "advise"},
	{"needs-restarting", "advise"},
	{"unblock", "unlock"},
	{"clean", "cache"},
	{"deb", "package"},
	{"rpm", "package"},
	{"version", "--version"},
};

static struct err *unknown_command(const char *word)
{
	struct nearest nearest = NEAREST_INIT(word);

	if (*word == '-')
		return cli_unknown_global(word);
	for (size_t i = 0; i < array_size(commands); i++)
		nearest_offer(&nearest, commands[i].command->name);
	for (size_t i = 0; i < array_size(elsewhere); i++)
		if (!strcmp(word, elsewhere[i].word))
			return err_code_new(ERR_USAGE, "unknown command '%s'; did you mean '%s'?",
					    word, elsewhere[i].command);

	scope_free char *hint = nearest_hint(&nearest, "see 'suture help'");

	return err_code_new(ERR_USAGE, "unknown command '%s'; %s", word, hint);
}

static struct err *run_help(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stdout);
		return NULL;
	}

	const struct command *command = find_command(argv[1]);

	if (!command)
		return unknown_command(argv[1]);
	print_command_help(command);
	return NULL;
}

/* A command that leaves nothing half done may run this long after a signal. */
#define CUT_SECONDS 5

/* The kernel ends the children with it (base/proc.h). */
static void end_now(int signum)
{
	(void)signum;
	_exit(ERR_INTERRUPTED);
}

/* A wrong file is reported first: before a kernel is fetched, and whatever else is missing. */
static struct err *check_file(enum command_files files, const char *path)
{
	scope_file_map map = {};

	if (files == FILES_NONE)
		return NULL;
	if (files == FILES_PATCHES)
		return file_kind_not_patch(path);
	err_try(file_kind_regular(path));
	if (files == FILES_ANY)
		return NULL;
	err_try(file_map(path, &map));
	return file_kind_not_module(path, map.bytes);
}

static bool command_changes(const struct command *command, const struct cli_args *args)
{
	const char *const *word = command->changes_with;

	if (!word)
		return command->changes;
	while (*word && !cli_option(args, *word) && !(args->argc && !strcmp(args->argv[0], *word)))
		word++;
	return *word;
}

static struct err *run_command(struct cli *cli, int argc, char **argv, bool help, int *status)
{
	scope_cli_args args = {};

	cli->command = find_command(argv[0]);
	if (!cli->command)
		return unknown_command(argv[0]);
	if (help) {
		print_command_help(cli->command);
		return NULL;
	}
	err_try(cli_args_parse(cli->command, argc, argv, &args));
	cli->changes = command_changes(cli->command, &args);
	for (int i = 0; i < args.argc; i++)
		if (!i || cli->command->files != FILES_FIRST_MODULE)
			err_try(check_file(cli->command->files, args.argv[i]));
	cli->progress = cli_progress_new(cli->verbosity);

	if (cli->command->may_be_cut)
		interrupt_end_within(CUT_SECONDS, end_now);

	struct err *err = cli->command->run(cli, &args, status);

	cli_progress_free(cli->progress);
	return err;
}

static struct err *cli_dispatch(struct cli *cli, int argc, char **argv, int *status)
{
	bool help = false, version = false;

	argc = take_global(cli, argc, argv, &help, &version);
	if (version) {
		cli_print("suture " SUTURE_VERSION);
		return NULL;
	}
	if (argc < 2) {
		if (help || (!cli->json && isatty(STDERR_FILENO)))
			print_help(help ? stdout : stderr);
		return help ? NULL
			    : err_code_new(ERR_USAGE, "no command was given; see 'suture help'");
	}
	if (!strcmp(argv[1], "help"))
		return run_help(argc - 1, argv + 1);
	return run_command(cli, argc - 1, argv + 1, help, status);
}

static void print_error_json(const struct cli *cli, const struct err *err)
{
	json_t *error = json_pack("{s:o,s:i}", "message", printable_json(err_message(err)), "code",
				  (int)err_code(err));
	const struct err_part *part;

	for (unsigned i = 0; (part = err_part(err, i)); i++)
		json_object_set_new(error, part->name,
				    part->text ? text_json(part->text)
					       : json_integer((json_int_t)part->number));
	err_free(cli_json(cli, json_pack("{s:o}", "error", error)));
}

static void print_error(const struct cli *cli, const struct err *err)
{
	const struct err_part *part;

	if (!cli->json) {
		cli_colour(stderr, COLOUR_RED);
		cli_fprintf(stderr, "suture:");
		cli_colour(stderr, COLOUR_NONE);
		cli_fprintf(stderr, " %s\n", err_message(err));
		for (unsigned i = 0; (part = err_part(err, i)); i++)
			if (part->text)
				cli_fprintf(stderr, "  %-9s %s\n", part->name, part->text);
			else
				cli_fprintf(stderr, "  %-9s %zu\n", part->name, part->number);
		return;
	}
	print_error_json(cli, err);
}

/* If standard output is closed, files that are opened later must not take its place. */
static void keep_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd ? O_RDONLY : O_WRONLY); /* writing to it still fails */
}

int main(int argc, char **argv)
{
	struct cli cli = {};
	int status = 0;
	bool unwritten = false;

	keep_standard_files();
	interrupt_install();
	signal(SIGPIPE, SIG_IGN); /* a reader that went away is reported as a write error */

	struct err *err = cli_dispatch(&cli, argc, argv, &status);

	if (!err && (fflush(stdout) == EOF || ferror(stdout))) {
		unwritten = cli.changes;
		cli.json = false; /* standard output does not take the error either */
		err = err_errno(errno, "the result could not be written to standard output");
	}
	if (err) {
		print_error(&cli, err);
		status = unwritten ? status : (int)err_code(err);
		err_free(err);
	}
	return status;
}
