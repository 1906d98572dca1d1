/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the makefiles compile a unit: the commands, and the files that they generate for it. */
#ifndef SUTURE_KBUILD_QUERY_H
#define SUTURE_KBUILD_QUERY_H

#include "base/err.h"
#include "base/vec.h"
#include "kbuild/makefiles.h"
#include "kbuild/units.h"

struct kbuild_command {
	char *compile; /* compiler and flags, without -c, -o and the source */
	char *source;  /* "source/fs/proc/version.c" */
	char *depfile; /* file to which the flags write the dependencies */
	char *objtool; /* program and flags, or "" */
	char *finish;  /* another command to run on the object (recordmcount), or "" */
};

void kbuild_command_free(struct kbuild_command *command);

/* Parses the text of an answer, with a `key=value` on each line; name is for messages. */
struct err *kbuild_command_parse(const char *name, const char *text,
				 struct kbuild_command *command);

struct kbuild_query {
	const char *dir; /* a build folder, which is made if something has to be asked */
	const char *source;
	const char *keep; /* folder in which answers, and files that the build generated for them,
			     are kept */
	unsigned jobs;
};

/*
 * Returns the commands of units, in their order. Those that are not kept are asked from the tree's
 * own makefiles, which also generate the files that the units' sources include.
 */
struct kbuild_unit_list VEC(const struct kbuild_unit *);

struct err *kbuild_commands_query(const struct kbuild *kbuild, const struct kbuild_query *query,
				  const struct kbuild_unit_list *units,
				  struct kbuild_command *commands);

/*
 * Makes the folders of a unit's object real in a farm, and also the folder from which its name
 * leads there by "..": a ".." behind a link would lead out of the farm.
 */
struct err *kbuild_unit_descend(const struct kbuild_unit *unit, const char *upper,
				const char *lower);

/* Adds the files that were generated for the answers in keep to a build folder. */
struct err *kbuild_generated_link(const struct kbuild *kbuild, const char *dir, const char *keep);

#endif
