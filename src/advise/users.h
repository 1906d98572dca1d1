/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells which process uses which file. */
#ifndef SUTURE_ADVISE_USERS_H
#define SUTURE_ADVISE_USERS_H

#include "advise/scan.h"

/* An index of which process uses which file now. */
struct users;

struct users *users_new(const struct scan *scan);
void users_free(struct users *users);

/* Appends the indexes, in the scan, of processes that use a file; /lib and /usr/lib are alike. */
struct process_index_vec VEC(size_t);
void users_of(const struct users *users, const char *path, struct process_index_vec *found);

#endif
