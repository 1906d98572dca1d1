/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The carried state of files, as a build takes it. */
#ifndef SUTURE_COVER_GIVE_H
#define SUTURE_COVER_GIVE_H

#include "cover/covering.h"
#include "pair/pair.h"

/* The strings and names belong to the vector. */
struct given_files VEC(struct pair_file);

void given_files_free(struct given_files *files);

/* Gives a header a copy of other names: pair_file.names. */
void given_names_set(struct pair_file *file, const struct str_vec *names);

/* Whether any of the file's atoms is carried. */
bool give_is_carried(const struct covering *covering, size_t number);

/* Adds a file with its carried atoms; number is that in atoms.files. */
struct err *give_file(struct covering *covering, size_t number, struct given_files *files);

#endif
