/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes what clients of a repository read, from the list of levels and the packages below kept/. */
#ifndef SUTURE_SHIP_LISTS_H
#define SUTURE_SHIP_LISTS_H

#include "ship/levels.h"

#define SHIP_KEPT "kept"

/* Has reprepro make dists/ and pool/ of the folder, signed by the levels' key. */
struct err *ship_lists_apt(const char *dir, const struct ship_levels *levels);

/* Has createrepo_c make rpm/SUITE/ for each suite with an rpm, with advisories, signed by gpg. */
struct err *ship_lists_dnf(const char *dir, const struct ship_levels *levels);

/* Writes the public key to key.asc. */
struct err *ship_lists_key(const char *dir, const char *key);

/* Runs a tool of publishing, with its messages in the error. */
struct err *ship_run(const char *const *argv);
struct err *ship_ask(const char *const *argv, char **output);

#endif
