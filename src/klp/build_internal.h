/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the steps of klp_build() share. */
#ifndef SUTURE_KLP_BUILD_INTERNAL_H
#define SUTURE_KLP_BUILD_INTERNAL_H

#include "diff/diff.h"
#include "image/image.h"
#include "klp/klp.h"
#include "klp/klp_internal.h"
#include "match/match.h"
#include "pair/pair.h"

/* A module file of the shipped kernel. */
struct shipped_module {
	char *name;
	struct elf_object *object;
	struct kernel_types *types; /* NULL: not asked for yet, or it has none */
};

/* A compiled unit that differs. */
struct unit {
	const struct pair_unit *source;
	struct elf_object *orig, *patched;
	struct diff *diff;
	struct plain *plain; /* plain.h; NULL when it is good as it is */
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
	struct kernel_types *types;   /* vmlinux's; NULL: it has none */
	struct safety_types *checked; /* what was found out of the units' types */
	struct VEC(struct shipped_module) modules;
	struct unit_vec units;
	struct piece_vec pieces;
};

/* The shipped module of that name, opened once; NULL when there is none. */
struct err *build_module(struct build *build, const char *name, const struct elf_object **module);

/* prove.c: makes a match for the piece; what is not as shipped becomes findings. */
struct err *piece_prove(struct piece *piece);
/* The proof of one function that is to be replaced; all but exact becomes a finding. */
struct err *piece_prove_replaced(struct piece *piece, const struct elf_symbol *orig,
				 struct match_result *result);

/* check.c: compares the types of all units; what changed becomes findings. */
struct err *build_check_types(struct build *build);
/* What the report says of a function; after build_check_types(). */
void build_describe_function(const struct build *build, const struct unit *unit,
			     const struct diff_item *item, struct klp_function *function);
/* Once the functions are reported: findings on them get their lines. */
void build_place_findings(struct build *build);
/* The same: what the running kernel does with them, if it is this one. */
void build_check_running(struct build *build);

/* resolve.c: gives each symbol that the piece's code needs a meaning, or a finding. */
struct err *piece_resolve(struct piece *piece);
/* For diff_select(): whether a static key belongs to a module. */
bool piece_key_in_module(void *piece, const char *symbol, bool defined_here);
/* A symbol that the piece makes new and global. */
bool piece_defines(const struct piece *piece, const char *name);

#endif
