/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps sets of C identifiers as numbers, and compares which ones two pieces of code use. */
#ifndef SUTURE_COVER_NAMES_H
#define SUTURE_COVER_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strmap.h"
#include "base/vec.h"
#include "reach/ctokens.h"

/* All names, each with a number. Keywords and names that nearly every file uses have none. */
struct name_table {
	struct strmap map;
	struct str_vec text; /* indexed by number */
};

void name_table_free(struct name_table *table);

/* Returns the number of a name, or STRMAP_NONE if the token is no name or has no number. */
uint32_t name_of_token(struct name_table *table, const struct ctoken *token);

/* Numbers of names; name_set_sort() sorts them and removes repetitions. */
struct name_set VEC(uint32_t);

void name_set_sort(struct name_set *set);
bool name_set_has(const struct name_set *set, uint32_t name);

/* The names in a piece of code, one entry for each use. name_use_sort() sorts both sets. */
struct name_use {
	struct name_set all;	 /* every name, with repetitions */
	struct name_set members; /* those after "." or "->", with repetitions */
};

void name_use_free(struct name_use *use);
void name_use_read(struct name_table *table, const struct ctoken_vec *tokens, size_t start,
		   size_t end, struct name_use *use);
void name_use_sort(struct name_use *use);

/* A line of code. code_lines_read() adds lines in the order of the text. */
struct code_line {
	uint64_t hash;	   /* of its tokens */
	size_t start, end; /* its tokens have the indexes from start to end - 1 */
};

struct code_lines VEC(struct code_line);

void code_lines_read(const struct ctoken_vec *tokens, size_t start, size_t end,
		     struct code_lines *lines);

/* Appends the names on those lines that `others`, sorted by hash, lacks. */
void names_touched(struct name_table *table, const struct ctoken_vec *tokens,
		   const struct code_lines *lines, const struct code_lines *others,
		   struct name_set *names);

/* Appends the names among the tokens that `wanted`, which is sorted, contains. */
void names_among(const struct name_table *table, const struct ctoken_vec *tokens,
		 const struct name_set *wanted, struct name_set *names);

/* Sorts the lines by hash. */
void code_lines_sort(struct code_lines *lines);

/* Appends the names that `more` contains more often than `less`; both must be sorted. */
void names_more_often(const struct name_set *less, const struct name_set *more,
		      struct name_set *names);

#endif
