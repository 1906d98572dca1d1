/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the changed files with their carried atoms in the form that a build takes. */
#ifndef SUTURE_COVER_GIVE_H
#define SUTURE_COVER_GIVE_H

#include "cover/covering.h"
#include "pair/pair.h"

/* The vector owns the strings and names. */
struct given_files VEC(struct pair_file);

void given_files_free(struct given_files *files);

/* Returns whether any atom of the file is carried; number is its index in atoms.files. */
bool give_is_carried(const struct covering *covering, size_t number);

/*
 * Adds the file with its carried atoms; number is its index in atoms.files. Unless it may reach
 * unchanged files, pair_file.names is empty.
 */
struct err *give_file(struct covering *covering, size_t number, bool may_reach,
		      struct given_files *files);

/* Lists the files to which the next build gives another text than the last one. */
void give_altered(const struct covering *covering, struct altered_file_vec *altered);

#endif
