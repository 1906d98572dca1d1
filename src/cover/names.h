/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of names of C, as numbers: what a piece of code names, and what a change makes of that. */
#ifndef SUTURE_COVER_NAMES_H
#define SUTURE_COVER_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strmap.h"
#include "base/vec.h"
#include "reach/ctokens.h"

/* All names, each with a number; names that C itself or every file has are left out. */
struct name_table {
	struct strmap map;
	struct str_vec text; /* by number */
};

void name_table_free(struct name_table *table);

/* The number of a name, or STRMAP_NONE for a token that is none and a name that is left out. */
uint32_t name_of_token(struct name_table *table, const struct ctoken *token);

/* Numbers in ascending order, each once after name_set_sort(). */
struct name_set VEC(uint32_t);

void name_set_sort(struct name_set *set);
bool name_set_has(const struct name_set *set, uint32_t name);

/* How often a stretch of code has each name; members behind "." and "->" once more by themselves.
 */
struct name_use {
	struct name_set all;	 /* with repetitions, sorted */
	struct name_set members; /* the same */
};

void name_use_free(struct name_use *use);
void name_use_read(struct name_table *table, const struct ctoken_vec *tokens, size_t start,
		   size_t end, struct name_use *use);
void name_use_sort(struct name_use *use);

/* The lines of a stretch of code, each as the hash of its tokens; in the order of the text. */
struct code_line {
	uint64_t hash;
	size_t start, end; /* of its tokens */
};

struct code_lines VEC(struct code_line);

void code_lines_read(const struct ctoken_vec *tokens, size_t start, size_t end,
		     struct code_lines *lines);

/* The names on lines of `lines` that `others`, sorted by hash, lacks; appends. */
void names_touched(struct name_table *table, const struct ctoken_vec *tokens,
		   const struct code_lines *lines, const struct code_lines *others,
		   struct name_set *names);

/* Appends those of the tokens' names that `wanted`, sorted, has. */
void names_among(const struct name_table *table, const struct ctoken_vec *tokens,
		 const struct name_set *wanted, struct name_set *names);

void code_lines_sort(struct code_lines *lines);

/* The names that `more` has more often than `less`; both sorted. */
void names_more_often(const struct name_set *less, const struct name_set *more,
		      struct name_set *names);

#endif
