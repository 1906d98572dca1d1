/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines the state of one pair_run(), which its steps pass on. */
#ifndef SUTURE_PAIR_PAIRING_H
#define SUTURE_PAIR_PAIRING_H

#include "pair/pair.h"

enum place { PLACE_PRE, PLACE_POST, PLACE_PLAIN, NR_PLACES };

/* Units are compiled in places: each is a source tree with a build folder laid over it. */
struct pair_place {
	char *tree, *dir;
	bool is_made;
	bool is_full; /* no folder of the tree is a link */
};

/* A reached unit on the way to its objects. */
struct paired_unit {
	const struct reached_unit *unit;
	const struct settled_unit *settled; /* its objects are known, or NULL */
	bool certain;	     /* both sides are compiled, whatever the dependencies are */
	bool same;	     /* nothing that it includes changed, or the objects are equal */
	struct err *failure; /* why it has no objects, where the others go on; or NULL */
	char *output;	     /* the compiler's messages about that failure; or NULL */
	struct kbuild_command command[NR_SIDES];
	bool own_post_command; /* if not, the command of PRE compiles both sides */
	char *object_file[NR_SIDES];
	char *layout;	    /* the object in its own layout, below the folder of its side */
	char *layout_file;  /* the same if it was made: struct pair_unit */
	char *kept;	    /* a copy of object_file[POST] in the cache, or NULL */
	bool reads_outside; /* POST was made from files that are not the kernel's */
	char *reads; /* the assembler's list of the files that POST reads, below its folder */
	uint64_t pre_cpu_ms;   /* what compiling the unpatched side took; 0: not known */
	enum place post_place; /* PLACE_PLAIN: does not compile with #line directives */
};

struct paired_unit_vec VEC(struct paired_unit);

struct pairing {
	const struct pair_spec *spec;
	struct progress *progress;
	struct pair_result *result;
	struct sandbox *sandbox; /* what compilers and makefiles run in, or NULL */
	struct kbuild kbuild;
	struct change_set changes;
	struct reach_result *reach;
	struct paired_unit_vec
		units; /* those of reach->reached that are not skipped, in that order */
	struct pair_place places[NR_PLACES];
	char *query_tree; /* the source as makefiles see it when they are asked */
	unsigned nr_queries;
	char *post_keep; /* answers that hold for the patched source only */
};

/* Describes the place and the command by which one side of a unit is compiled. */
const char *pairing_dir(const struct pairing *pairing, const struct paired_unit *unit,
			enum side side);
const struct kbuild_command *pairing_command(const struct paired_unit *unit, enum side side);

/*
 * Handles a unit that failed with err. If the other units should go on, the unit keeps the error
 * and the compiler's output (or NULL), and the function returns NULL; otherwise it returns the
 * error.
 */
struct err *pairing_fail(const struct pairing *pairing, struct paired_unit *unit, struct err *err,
			 const char *output);

/* Returns the number of compilers that may run at the same time. */
unsigned pairing_jobs(const struct pair_spec *spec);

#endif
