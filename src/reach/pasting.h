/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the macros that may glue words together, and the words that they glue to their arguments.
 *
 * A name that is glued stands nowhere as a whole. Text gives one only if it names a macro that
 * contains ##, or that names such a macro, and so on: which of several definitions of a macro is
 * in force is not looked at, all count.
 */
#ifndef SUTURE_REACH_PASTING_H
#define SUTURE_REACH_PASTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "reach/ctokens.h"
#include "reach/hashes.h"

/* A macro names a word. */
struct pasting_edge {
	uint64_t word, macro;
};

struct pasting_edge_vec VEC(struct pasting_edge);

struct pasting {
	struct hash_vec glue;	/* sorted: words beside ## that are not parameters */
	struct hash_vec macros; /* sorted: macros that may glue */
	struct pasting_edge_vec edges;
};

/* Words are names, and numbers, which macros may glue to names. */
bool pasting_is_word(const struct ctoken *token);

/* Adds the macros that a file defines. */
void pasting_add_file(struct pasting *pasting, const struct ctoken_vec *tokens);

/* Call it once after the last file, before what follows. */
void pasting_finish(struct pasting *pasting);

/* Returns whether text with these words, which are sorted, may glue words together. */
bool pasting_may_glue(const struct pasting *pasting, const struct hash_vec *words);

void pasting_free(struct pasting *pasting);

#endif
