/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs commands of this program, and reads the object that --json makes them print.  A command is a
 * process of its own, since limits of processor and memory hold for processes, since an inhibitor
 * lives as long as the one that it is for, and since a crash of a compiler stage must not end the
 * loop.
 */
#ifndef SUTURE_AUTO_COMMAND_H
#define SUTURE_AUTO_COMMAND_H

#include <jansson.h>

#include "auto/policy.h"
#include "base/err.h"

struct auto_command {
	const char *const *args;	  /* the command's name and arguments, NULL-terminated */
	const struct auto_policy *limits; /* the policy whose max-cpu and max-memory limit the
					     command; NULL: no limit */
	const char *inhibit; /* why the machine must not be shut down meanwhile; or NULL */
};

/*
 * Runs the command to its end.  *answer is the object that it printed; an answer that is an error
 * becomes one, with its message.  *status is the exit code.
 */
struct err *auto_command_run(const struct auto_command *command, json_t **answer, int *status);

/*
 * Does the same as auto_command_run() with a program and its text on stdin; output is dropped. A
 * status other than 0 is an error.
 */
struct err *auto_program_run(const char *path, const char *input);

#endif
