/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the macros that may glue words together. */
#include "reach/pasting.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/lower_bound.h"

bool pasting_is_word(const struct ctoken *token)
{
	return token->kind == CTOKEN_NAME ||
	       (token->kind == CTOKEN_OTHER && isdigit((unsigned char)*token->text));
}

/* Returns whether the token is a parameter of the macro whose definition starts at `define`. */
static bool pasting_is_parameter(const struct ctoken *define, const struct ctoken *token)
{
	const struct ctoken *name = define + 2, *open = define + 3;

	if (open >= token || !ctoken_is(open, "(") || open->text != name->text + name->len)
		return false;
	for (const struct ctoken *at = open; at < token && !ctoken_is(at, ")"); at++) {
		if (at->len == token->len && !memcmp(at->text, token->text, at->len))
			return true;
	}
	return false;
}

/* Adds what a macro names and glues; its definition is from `define` to before `end`. */
static void pasting_add_macro(struct pasting *pasting, const struct ctoken *define,
			      const struct ctoken *end)
{
	uint64_t macro = ctoken_hash(define + 2);

	for (const struct ctoken *at = define + 3; at < end; at++) {
		if (at->kind == CTOKEN_NAME)
			vec_push(&pasting->edges, (struct pasting_edge){ctoken_hash(at), macro});
		if (at->kind != CTOKEN_PASTE)
			continue;
		vec_push(&pasting->macros, macro);
		for (int side = -1; side <= 1; side += 2) {
			const struct ctoken *part = at + side;

			if (part < end && pasting_is_word(part) &&
			    !pasting_is_parameter(define, part))
				vec_push(&pasting->glue, ctoken_hash(part));
		}
	}
}

void pasting_add_file(struct pasting *pasting, const struct ctoken_vec *tokens)
{
	for (size_t i = 0; i + 2 < tokens->len; i++) {
		const struct ctoken *define = &tokens->data[i];
		size_t end = i;

		if (define->kind != CTOKEN_DIRECTIVE || !ctoken_is(define + 1, "define"))
			continue;
		while (end < tokens->len && tokens->data[end].kind != CTOKEN_END)
			end++;
		if (end > i + 2)
			pasting_add_macro(pasting, define, &tokens->data[end]);
		i = end;
	}
}

static int pasting_edge_compare(const void *a, const void *b)
{
	const struct pasting_edge *one = a, *two = b;

	return (one->word > two->word) - (one->word < two->word);
}

/* Returns the macros that name one of those and are not known yet. */
static struct hash_vec pasting_namers(const struct pasting *pasting, const struct hash_vec *macros)
{
	const struct pasting_edge_vec *edges = &pasting->edges;
	struct hash_vec namers = {};

	vec_foreach(macros, macro) {
		size_t i = lower_bound(edges->data, edges->len, it, it->word < *macro);

		for (; i < edges->len && edges->data[i].word == *macro; i++)
			if (!hashes_have(&pasting->macros, edges->data[i].macro))
				vec_push(&namers, edges->data[i].macro);
	}
	hashes_sort_unique(&namers);
	return namers;
}

void pasting_finish(struct pasting *pasting)
{
	struct hash_vec *macros = &pasting->macros;
	struct hash_vec last = {};

	hashes_sort_unique(&pasting->glue);
	hashes_sort_unique(macros);
	if (pasting->edges.len)
		qsort(pasting->edges.data, pasting->edges.len, sizeof(*pasting->edges.data),
		      pasting_edge_compare);
	vec_foreach(macros, it)
		vec_push(&last, *it);
	while (last.len) {
		struct hash_vec next = pasting_namers(pasting, &last);

		vec_foreach(&next, it)
			vec_push(macros, *it);
		hashes_sort(macros);
		vec_free(&last);
		last = next;
	}
	vec_free(&last);
	vec_free(&pasting->edges);
}

bool pasting_may_glue(const struct pasting *pasting, const struct hash_vec *words)
{
	vec_foreach(words, it)
		if (hashes_have(&pasting->macros, *it))
			return true;
	return false;
}

void pasting_free(struct pasting *pasting)
{
	vec_free(&pasting->glue);
	vec_free(&pasting->macros);
	vec_free(&pasting->edges);
}
