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
	char *depfile; /* where the flags send the dependencies */
	char *objtool; /* program and flags, or "" */
	char *finish;  /* another command on the object (recordmcount), or "" */
};

void kbuild_command_free(struct kbuild_command *command);

/* The text that a query leaves, one `key=value` a line; name is for messages. */
struct err *kbuild_command_parse(const char *name, const char *text,
				 struct kbuild_command *command);

struct kbuild_query {
	const char *dir; /* a build folder, made when something has to be asked */
	const char *source;
	const char *keep; /* answers, and what the build generated for them, are kept here */
	unsigned jobs;
};

/*
 * The commands of units, in their order: as kept, else the tree's own makefiles are asked,
 * which also generate what the units' sources include.
 */
struct kbuild_unit_list VEC(const struct kbuild_unit *);

struct err *kbuild_commands_query(const struct kbuild *kbuild, const struct kbuild_query *query,
				  const struct kbuild_unit_list *units,
				  struct kbuild_command *commands);

/*
 * Makes the folders of a unit's object real in a farm, and the one from which its name climbs to
 * it: a ".." behind a link would lead out of the farm.
 */
struct err *kbuild_unit_descend(const struct kbuild_unit *unit, const char *upper,
				const char *lower);

/* Makes what was generated for the answers in keep part of a build folder. */
struct err *kbuild_generated_link(const struct kbuild *kbuild, const char *dir, const char *keep);

#endif
