/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the known word that a mistyped one is nearest to, for messages that suggest it. */
#ifndef SUTURE_BASE_NEAREST_H
#define SUTURE_BASE_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word; /* as typed */
	const char *best; /* the nearest word offered so far, or NULL */
	size_t distance;  /* the number of letters to insert, remove, replace or swap to get from
			     word to best */
};

#define NEAREST_INIT(typed)                                                                        \
	{                                                                                          \
		.word = (typed)                                                                    \
	}

/* Compares candidate, which has to live as long as the result is used. */
void nearest_offer(struct nearest *nearest, const char *candidate);

/* Returns the nearest word that was offered if it is near enough to be meant, or NULL. */
const char *nearest_word(const struct nearest *nearest);

/* Returns "did you mean 'WORD'?" if there is such a word, else otherwise.  free(). */
char *nearest_hint(const struct nearest *nearest, const char *otherwise);

/*
 * Finds a word in a list that ends with NULL, and returns NULL with its place in *index. If it is
 * not there, returns "'unt' is not unit or file; did you mean 'unit'?", and *index stays; free().
 */
char *nearest_choose(const char *given, const char *const *words, unsigned *index);

#endif
