/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines the state of a build; each step fills in its part. */
#ifndef SUTURE_KLP_BUILD_H
#define SUTURE_KLP_BUILD_H

#include "diff/diff.h"
#include "image/image.h"
#include "klp/anchor.h"
#include "klp/guard.h"
#include "klp/klp.h"
#include "klp/part.h"
#include "match/match.h"
#include "pair/pair.h"

/* A module file of the shipped kernel. */
struct opened_module {
	char *name;
	struct elf_object *object;
	struct kernel_types *types; /* NULL if they were not needed yet, or the module has none */
};

/* A compiled unit that differs. */
struct unit {
	const struct pair_unit *source;
	struct elf_object *orig, *patched;
	struct diff *diff;
	struct layout *layout; /* see layout.h; NULL if orig has the kernel's layout */
	struct plain *plain;   /* see plain.h; NULL if the unit need not be compiled again */
	unsigned plain_needs;
};

/* A unit's part for one of the objects that it is linked into. */
struct piece {
	struct build *build;
	struct unit *unit;
	const char *owner;
	const struct elf_object *module; /* NULL: vmlinux */
	struct match *match;
	struct VEC(const char *) overridden;
	struct diff_part *selected;
	struct klp_part part;
};

struct unit_vec VEC(struct unit *);
struct piece_vec VEC(struct piece *);

struct build {
	const struct klp_build_spec *spec;
	const struct pair_spec *compile;
	struct progress *progress;
	struct klp_report *report;
	struct pair_result *compiled;
	struct image *image;
	struct anchor anchor; /* in the image */
	struct klp_guard guard;
	struct kernel_types *types;   /* vmlinux's; NULL: it has none */
	struct safety_types *checked; /* the types collected from all units */
	struct VEC(struct opened_module) modules;
	struct unit_vec units;
	struct piece_vec pieces;
};

/* Sets *module to the shipped module of that name, opened once; to NULL if there is none. */
struct err *build_open_module(struct build *build, const char *name,
			      const struct elf_object **module);

/* Adds the time since *mark to *seconds and moves the mark. */
void build_lap(double *mark, double *seconds);

#endif
