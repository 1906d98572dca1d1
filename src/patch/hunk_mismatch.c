/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the place of a file that a failing hunk was made for, and the first line that differs
 * there. */
#include "patch/hunk_mismatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"

/* More text of a line does not help to find it. */
#define SHOWN_LENGTH 200

struct text_line {
	const char *start;
	size_t size; /* without the line end */
};

struct text_line_vec VEC(struct text_line);

static void lines_split(const char *text, size_t size, struct text_line_vec *lines)
{
	const char *end = text + size;

	while (text < end) {
		const char *stop = memchr(text, '\n', end - text);
		size_t len = (stop ? stop : end) - text;

		vec_push(lines, (struct text_line){text, len});
		text += len + 1;
	}
}

static bool line_equal(const struct text_line *a, const struct text_line *b)
{
	return a->size == b->size && !memcmp(a->start, b->start, a->size);
}

/* Takes the lines that the hunk expects: those that it keeps and those that it removes. */
static bool hunk_read(const struct text_line_vec *all, unsigned number, unsigned *at,
		      struct text_line_vec *expected)
{
	unsigned hunk = 0;

	vec_foreach(all, it) {
		if (it->size > 4 && !memcmp(it->start, "@@ -", 4)) {
			if (++hunk == number && sscanf(it->start, "@@ -%u", at) != 1)
				return false;
			continue;
		}
		if (hunk != number)
			continue;
		if (!it->size) /* some mailers remove the blank of an empty line */
			vec_push(expected, *it);
		else if (*it->start == ' ' || *it->start == '-')
			vec_push(expected, ((struct text_line){it->start + 1, it->size - 1}));
	}
	return expected->len;
}

static size_t count_equal(const struct text_line_vec *file, size_t start,
			  const struct text_line_vec *expected)
{
	size_t count = 0;

	for (size_t i = 0; i < expected->len && start + i < file->len; i++)
		count += expected->data[i].size &&
			 line_equal(&file->data[start + i], &expected->data[i]);
	return count;
}

/* Returns where most lines are as expected; of several such places, the one nearest to start. */
static size_t best_place(const struct text_line_vec *file, size_t start,
			 const struct text_line_vec *expected)
{
	size_t best = start, most = count_equal(file, start, expected);

	for (size_t i = 0; i < file->len; i++) {
		size_t count = count_equal(file, i, expected);
		size_t far = i > start ? i - start : start - i;

		if (count > most || (count == most && count &&
				     far < (best > start ? best - start : start - best))) {
			best = i;
			most = count;
		}
	}
	return best;
}

static char *line_shown(const struct text_line *line)
{
	return xstrndup(line->start, line->size < SHOWN_LENGTH ? line->size : SHOWN_LENGTH);
}

static bool mismatch_find(const struct text_line_vec *file, size_t place,
			  const struct text_line_vec *expected, struct hunk_mismatch *mismatch)
{
	for (size_t i = 0; i < expected->len; i++) {
		const struct text_line *want = &expected->data[i];
		const struct text_line *is = place + i < file->len ? &file->data[place + i] : NULL;

		if (is && line_equal(is, want))
			continue;
		mismatch->line = place + i + 1;
		mismatch->expected = line_shown(want);
		mismatch->found = is ? line_shown(is) : NULL;
		return true;
	}
	return false;
}

bool hunk_mismatch_find(const char *hunks, size_t size, unsigned number, const char *text,
			struct hunk_mismatch *mismatch)
{
	struct text_line_vec all = {}, expected = {}, file = {};
	unsigned at = 0;
	bool found = false;

	lines_split(hunks, size, &all);
	lines_split(text, strlen(text), &file);
	if (hunk_read(&all, number, &at, &expected))
		found = mismatch_find(&file, best_place(&file, at ? at - 1 : 0, &expected),
				      &expected, mismatch);
	vec_free(&all);
	vec_free(&expected);
	vec_free(&file);
	return found;
}

void hunk_mismatch_free(struct hunk_mismatch *mismatch)
{
	free(mismatch->expected);
	free(mismatch->found);
}
