/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: what a command is, what it gets, how it answers.
 *
 * To add a command: write cmd_NAME.c with a `const struct command cmd_NAME` and
 * add one row to the table in main.c.  Its help, its option parsing and its error
 * output come from that description.
 */
#ifndef SUTURE_CLI_CLI_H
#define SUTURE_CLI_CLI_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/vec.h"
#include "base/version.h"
#include "cli/out.h"
#include "target/target.h"

struct command;

struct cli {
	const struct command *command;
	struct progress *progress; /* a bar, lines, or nothing, as verbosity and stderr ask for */
	bool json;
	bool changes;  /* what is done stays done if its result cannot be written */
	int verbosity; /* -1 quiet, 0 normal, 1 verbose */
};

struct cli_option {
	const char *name; /* without "--" */
	char letter;	  /* 0 if it has none */
	const char *arg;  /* the name of its value in the help, "[=FILE]" if it may be left out,
			     which then is ""; NULL for a flag */
	const char *help;
};

/* Where the four files of a kernel come from; first in the list of many commands. */
#define CLI_KERNEL_OPTIONS                                                                         \
	{"kernel", 'k', "REL", "kernel release, or 6.1: its newest (default: the running one)"},   \
		{"image", 0, "FILE", "local kernel: its bzImage or vmlinux"},                      \
		{"modules", 0, "DIR", "local kernel: its lib/modules/REL folder"},                 \
		{"build-dir", 0, "DIR", "local kernel: the folder that it was built in"},          \
		{"source", 0, "DIR",                                                               \
		 "the source it was built from; alone: used with the rest of REL"},                \
	{                                                                                          \
		"toolchain", 0, "DIR",                                                             \
			"root of a system with the kernel's compiler; host: the installed one"     \
	}

/* The parsed command line of a command. */
struct cli_args {
	struct cli_given_vec VEC(struct cli_given {
		const struct cli_option *option;
		const char *value; /* "" for a flag */
	}) given;
	int argc; /* the arguments that are no options */
	char **argv;
};

/* Returns the last value of an option, "" for a flag, NULL if it was not given. */
const char *cli_option(const struct cli_args *args, const char *name);

/*
 * Returns each value of an option that may be repeated, and NULL after the last; *at starts at 0.
 */
const char *cli_option_next(const struct cli_args *args, const char *name, size_t *at);

/*
 * Reads the value of an option as a number from 1 to max; *number is unchanged if it was not given.
 */
struct err *cli_number(const struct cli_args *args, const char *name, unsigned max,
		       unsigned *number);

/*
 * Finds what was given for an option, or a part of that, among words, which end with NULL; *index
 * is its place.
 */
struct err *cli_choose(const char *option, const char *given, const char *const *words,
		       unsigned *index);

/* Does so with the value of an option; *index is unchanged if the option was not given. */
struct err *cli_choice(const struct cli_args *args, const char *name, const char *const *words,
		       unsigned *index);

/* Says so if a module is made for another kernel than the one that runs, and how to name that. */
void cli_tell_kernel(const struct cli *cli, const struct cli_args *args,
		     const struct target *target);

/* The most that --jobs accepts. */
#define CLI_MAX_JOBS 1024

/* Reads the values of CLI_KERNEL_OPTIONS; they point into args. */
struct target_spec cli_target_spec(const struct cli_args *args);

/*
 * Arguments that are files have to exist; of modules and patches, other kinds of file are refused.
 */
enum command_files {
	FILES_NONE,
	FILES_ANY,
	FILES_MODULES,
	FILES_FIRST_MODULE, /* faults of later files are reported as their results */
	FILES_PATCHES
};

struct command {
	const char *name;
	const char *summary;	/* one line, lower case, no full stop */
	const char *args;	/* "[options] PATCH..." */
	int min_args, max_args; /* number of arguments; max_args is -1 for no limit */
	bool changes; /* it changes something: its exit code reports that, written or not */
	/* It does so only with one of these options, or with one as its first argument; NULL:
	 * always. */
	const char *const *changes_with;
	enum command_files files; /* what each argument is; checked before the command runs */
	bool may_be_cut; /* it leaves nothing half done, so a signal ends it within seconds */
	const struct cli_option *options; /* ends with an empty one; may be NULL */
	const char *help;		  /* more text, ends with a newline; may be NULL */
	const char *example;		  /* a whole command line */

	/*
	 * Does the work and writes the result to stdout.  *status is the exit code
	 * (0 on entry) of a run that has a result; an error has its own code.
	 */
	struct err *(*run)(const struct cli *cli, const struct cli_args *args, int *status);
};

/* How all JSON is written: six digits of a number are more than any measurement has. */
#define CLI_JSON_FORMAT (JSON_INDENT(2) | JSON_REAL_PRECISION(6))

/*
 * Prints the one object of --json: "schema": "suture.<command>/1", and the members of result, whose
 * reference is taken.
 */
struct err *cli_json(const struct cli *cli, json_t *result);

/*
 * Writes the same object to a file, whose folder is made; the reference of result is not taken. The
 * module that it describes (or NULL) is removed if that fails, so that there are both or neither.
 */
struct err *cli_json_file(const struct cli *cli, const char *path, json_t *result,
			  const char *module);

/* Return texts such as "70.5 MB", "12 s" and "3 min 20 s"; free(). */
char *cli_bytes(uint64_t bytes);
char *cli_seconds(double seconds);

/* A progress display on stderr; NULL when nothing is to be shown. */
struct progress *cli_progress_new(int verbosity);
void cli_progress_free(struct progress *progress);

/* Whether stdout (1) or stderr (2) may be coloured: a terminal, and NO_COLOR unset. */
bool cli_colours(int fd);

#endif
