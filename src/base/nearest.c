/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares words by the number of typing mistakes between them. */
#include "base/nearest.h"

#include <string.h>
#include <sys/param.h>

#include "base/alloc.h"
#include "base/strbuf.h"

/* Longer words are no names of commands, options, rules or kernels. */
#define WORD_MAX 64

/* The optimal string alignment distance: a swap of two neighbours counts as one mistake. */
static size_t nearest_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = MIN(last[j - 1] + (a[i - 1] != b[j - 1]),
				     1 + MIN(last[j], row[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = MIN(row[j], before[j - 2] + 1);
		}

		size_t *oldest = before;

		before = last;
		last = row;
		row = oldest;
	}
	return last[b_len];
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	size_t word_len = strlen(nearest->word), len = strlen(candidate);

	if (word_len > WORD_MAX || len > WORD_MAX)
		return;

	size_t distance = nearest_distance(nearest->word, word_len, candidate, len);

	if (nearest->best && distance >= nearest->distance)
		return;
	nearest->best = candidate;
	nearest->distance = distance;
}

const char *nearest_word(const struct nearest *nearest)
{
	/* With more than a third of the letters wrong, another word is as likely. */
	size_t allowed = nearest->best ? (strlen(nearest->best) + 2) / 3 : 0;

	return nearest->best && nearest->distance <= allowed ? nearest->best : NULL;
}

char *nearest_hint(const struct nearest *nearest, const char *otherwise)
{
	const char *word = nearest_word(nearest);

	return word ? xasprintf("did you mean '%s'?", word) : xstrdup(otherwise);
}

char *nearest_choose(const char *given, const char *const *words, unsigned *index)
{
	struct nearest nearest = NEAREST_INIT(given);
	scope_strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "'%s' is not ", given);
	for (unsigned i = 0; words[i]; i++) {
		if (!strcmp(given, words[i])) {
			*index = i;
			return NULL;
		}
		nearest_offer(&nearest, words[i]);
		strbuf_addf(&text, "%s%s", !i ? "" : words[i + 1] ? ", " : " or ", words[i]);
	}
	if (nearest_word(&nearest))
		strbuf_addf(&text, "; did you mean '%s'?", nearest_word(&nearest));
	return strbuf_detach(&text);
}
