/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings of a repository, and each level of each live patch that was ever published in it.
 * Everything else in a repository is made from this list and the packages that it names.
 */
#ifndef SUTURE_SHIP_LEVELS_H
#define SUTURE_SHIP_LEVELS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"

#define SHIP_LEVELS_FILE "suture.json"

struct ship_level {
	char *suite, *package;
	char *version; /* as dpkg or rpm writes it */
	char *kernel;  /* the release; "" if it is not a live patch */
	char *file;    /* its name below kept/ */
	bool rpm;
	unsigned phase; /* the percentage of machines that are offered it */
	bool withdrawn; /* it was found to be bad */
	char *restores; /* the version whose content it brings back; NULL if it is no successor */
	char *depends;	/* of a metapackage; else NULL */
};

struct ship_levels {
	char *key;	     /* the OpenPGP key that signs */
	unsigned valid_days; /* for how many days clients accept the lists */
	struct ship_level_vec VEC(struct ship_level) list; /* in the order of publishing */
};

/* Reads the list of a repository; an empty list if there is no file. */
struct err *ship_levels_read(const char *dir, struct ship_levels *levels);
struct err *ship_levels_write(const char *dir, const struct ship_levels *levels);
void ship_levels_free(struct ship_levels *levels);

/* Returns the last level of a package in a suite, or NULL. */
struct ship_level *ship_levels_newest(const struct ship_levels *levels, const char *suite,
				      const char *package, bool rpm);

/*
 * Returns whether clients are offered this level: it is the newest of its package whose phase is
 * above 0.  apt would offer a percentage of 0 to some machines.
 */
bool ship_level_is_served(const struct ship_levels *levels, const struct ship_level *level);

/* Adds the names of all suites, sorted. */
void ship_levels_suites(const struct ship_levels *levels, struct str_vec *suites);

#endif
