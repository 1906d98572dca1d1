/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Publishes packages of live patches in a repository for apt and dnf, in phases. */
#ifndef SUTURE_SHIP_PUBLISH_H
#define SUTURE_SHIP_PUBLISH_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"

struct ship_publish_spec {
	const char *repo, *suite;
	const char *key;	  /* the OpenPGP key that signs; NULL: the repository's */
	int phase;		  /* percentage of machines, 0 to 100; -1: not given */
	unsigned valid_days;	  /* 0: the repository's */
	bool withdraw;		  /* take back the newest level of each package in `items` */
	const char *const *items; /* files; or names of packages, for a phase or to withdraw */
	size_t nr_items;
};

/* A line of the result for each package that was added or changed. */
struct ship_change {
	char *package, *version;
	unsigned phase;
	bool rpm;
	const char *what; /* "added", "phase", "withdrawn", "kept"; not owned */
	char *restores;	  /* if withdrawn: the version that its successor brings back */
};

struct ship_change_vec VEC(struct ship_change);
void ship_changes_free(struct ship_change_vec *changes);
#define scope_ship_changes __attribute__((cleanup(ship_changes_free))) struct ship_change_vec

/*
 * Changes the repository as a whole, or not at all, and signs its lists anew, which also moves
 * the time until which they are valid.
 */
struct err *ship_publish(const struct ship_publish_spec *spec, struct ship_change_vec *changes);

#endif
