/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the options of a command with getopt_long(), from the command's own table. */
#include "cli/args.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/text.h"

/* getopt_long() returns this plus n for the nth option of a table; it is above every letter. */
#define OPTION_BASE 256

const struct cli_option cli_global_options[] = {
	{"json", 0, NULL, "print the result as one JSON object"},
	{"verbose", 'v', NULL, "print more details"},
	{"quiet", 'q', NULL, "print errors and results only: no progress, notes or warnings"},
	{"help", 'h', NULL, "show this help, or that of a command"},
	{"version", 'V', NULL, "show the version"},
	{},
};

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

/* What kpatch-build calls it. */
static const struct {
	const char *word, *option;
} option_words[] = {
	{"s", "source"},	 {"sourcedir", "source"}, {"c", "build-dir"},
	{"config", "build-dir"}, {"vmlinux", "image"},	  {"archversion", "kernel"},
	{"release", "kernel"},
};

/* Returns the command's own name of an option of another tool, or NULL. */
static const char *option_elsewhere(const struct command *command, const char *word)
{
	for (size_t i = 0; i < array_size(option_words); i++) {
		if (strcmp(word, option_words[i].word) != 0)
			continue;
		for (const struct cli_option *it = options_of(command); it->name; it++)
			if (!strcmp(it->name, option_words[i].option))
				return it->name;
	}
	return NULL;
}

static void offer_global_options(struct nearest *nearest)
{
	for (const struct cli_option *it = cli_global_options; it->name; it++)
		nearest_offer(nearest, it->name);
}

struct err *cli_unknown_global(const char *given)
{
	struct nearest nearest = NEAREST_INIT(given + strspn(given, "-"));

	offer_global_options(&nearest);

	const char *word = nearest_word(&nearest);

	if (word)
		return err_code_new(ERR_USAGE, "unknown option '%s'; did you mean '--%s'?", given,
				    word);
	return err_code_new(ERR_USAGE, "unknown option '%s'; see 'suture help'", given);
}

/* given is a long option, with its value if it has "=". */
static struct err *unknown_option(const struct command *command, const char *given)
{
	size_t len = strcspn(given, "=");
	scope_free char *name = xstrndup(given, len);
	scope_free char *help = xasprintf("see 'suture help %s'", command->name);
	struct nearest nearest = NEAREST_INIT(name + strspn(name, "-"));

	for (const struct cli_option *it = options_of(command); it->name; it++) {
		if (given[len] && !it->arg && !strcmp(it->name, nearest.word))
			return err_code_new(ERR_USAGE, "%s: option '%s' takes no value; %s",
					    command->name, name, help);
		nearest_offer(&nearest, it->name);
	}
	offer_global_options(&nearest);

	const char *other = option_elsewhere(command, nearest.word);
	const char *word = other ? other : nearest_word(&nearest);

	if (word)
		return err_code_new(ERR_USAGE, "%s: unknown option '%s'; did you mean '--%s'?",
				    command->name, name, word);
	return err_code_new(ERR_USAGE, "%s: unknown option '%s'; %s", command->name, name, help);
}

static struct err *bad_option(const struct command *command, int opt, char **argv)
{
	const char *given = argv[optind - 1];

	if (opt == ':')
		return err_code_new(ERR_USAGE, "%s: option '%s' needs a value", command->name,
				    given);
	if (optopt && optopt < OPTION_BASE) {
		const char *other = option_elsewhere(command, (char[]){optopt, 0});

		if (other)
			return err_code_new(ERR_USAGE,
					    "%s: unknown option '-%c'; did you mean '--%s'?",
					    command->name, optopt, other);
		return err_code_new(ERR_USAGE, "%s: unknown option '-%c'; see 'suture help %s'",
				    command->name, optopt, command->name);
	}
	return unknown_option(command, given);
}

/*
 * Returns what the synopsis calls the nth argument from 0, of those that are not optional:
 * "[-o DIR] --key FILE MODULE..." has MODULE only; free().  Words to choose from are an action.
 */
static char *argument_name(const char *synopsis, int n)
{
	scope_free char *text = xstrdup(synopsis);
	char *save = NULL;
	int depth = 0;

	for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		bool is_outside = !depth && *word != '[';

		depth += (*word == '[') - (word[strlen(word) - 1] == ']');
		if (!is_outside)
			continue;
		if (*word == '-')
			strtok_r(NULL, " ", &save);
		else if (!n--)
			return strchr(word, '|')
				       ? xstrdup("action")
				       : xstrndup(word, strlen(word) - 3 * str_ends(word, "..."));
	}
	return xstrdup("argument");
}

static struct err *check_count(const struct command *command, int argc, char **argv)
{
	if (argc < command->min_args) {
		scope_free char *what = argument_name(command->args, argc);

		return err_code_new(ERR_USAGE, "%s: no %s was given; usage: suture %s %s",
				    command->name, what, command->name, command->args);
	}
	if (command->max_args >= 0 && argc > command->max_args)
		return err_code_new(ERR_USAGE, "%s: unexpected argument '%s'; usage: suture %s%s%s",
				    command->name, argv[command->max_args], command->name,
				    *command->args ? " " : "", command->args);
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

/* A value in brackets, "[=FILE]", may be left out; such an option has no letter. */
static int option_has_arg(const struct cli_option *option)
{
	if (!option->arg)
		return no_argument;
	return *option->arg == '[' ? optional_argument : required_argument;
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
			.has_arg = option_has_arg(&options[i]),
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

struct err *cli_choose(const char *option, const char *given, const char *const *words,
		       unsigned *index)
{
	scope_free char *why = nearest_choose(given, words, index);

	return why ? err_code_new(ERR_USAGE, "--%s: %s", option, why) : NULL;
}

struct err *cli_choice(const struct cli_args *args, const char *name, const char *const *words,
		       unsigned *index)
{
	const char *given = cli_option(args, name);

	return given ? cli_choose(name, given, words, index) : NULL;
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

void cli_tell_kernel(const struct cli *cli, const struct cli_args *args,
		     const struct target *target)
{
	struct utsname uts;

	if (cli->json || target_runs_here(target) || uname(&uts) < 0)
		return;
	progress_note(cli->progress,
		      "this live patch is for kernel %s, not for %s, which runs here%s",
		      target->release, uts.release,
		      cli_option(args, "kernel") ? "" : "; --kernel names the one to build for");
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
			strbuf_addf(&left, *options->arg == '[' ? "%s" : " %s", options->arg);
		strbuf_addf(out, "  %-24s %s\n", left.buf, options->help);
	}
}
