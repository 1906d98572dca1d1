/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares two lists of chunks by their hashes, with Myers' greedy algorithm (An O(ND) Difference
 * Algorithm and Its Variations, 1986).
 */
#include "cover/chunk_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Memory grows with the square of the steps; a file with more was rewritten anyway. */
#define MAX_STEPS 1500

struct chunk_way {
	const struct cchunk_vec *before, *after;
	long limit;  /* most steps to try */
	long *reach; /* a row for each number of steps: furthest place in `before` on each diagonal
		      */
};

/* Returns the table's row for a number of steps; its indexes go from -limit to limit. */
static long *way_row(const struct chunk_way *way, long steps)
{
	return way->reach + steps * (2 * way->limit + 3) + way->limit + 1;
}

static bool way_matches(const struct chunk_way *way, long x, long y)
{
	return x < (long)way->before->len && y < (long)way->after->len &&
	       way->before->data[x].hash == way->after->data[y].hash;
}

/* Returns whether the furthest way to a diagonal ends with an insertion. */
static bool way_goes_in(const long *last, long steps, long diagonal)
{
	return diagonal == -steps || (diagonal != steps && last[diagonal - 1] < last[diagonal + 1]);
}

/* Returns the number of steps of the shortest way, or -1 if it is longer than the limit. */
static long way_find(struct chunk_way *way)
{
	long end_x = way->before->len, end_y = way->after->len;

	way_row(way, 0)[1] = 0;
	for (long steps = 0; steps <= way->limit; steps++) {
		long *row = way_row(way, steps), *last = way_row(way, steps ? steps - 1 : 0);

		for (long diagonal = -steps; diagonal <= steps; diagonal += 2) {
			long x = way_goes_in(last, steps, diagonal) ? last[diagonal + 1]
								    : last[diagonal - 1] + 1;
			long y = x - diagonal;

			for (; way_matches(way, x, y); y++)
				x++;
			row[diagonal] = x;
			if (x == end_x && y == end_y)
				return steps;
		}
	}
	return -1;
}

static void way_add(struct chunk_step_vec *steps, enum chunk_op op, long x, long y)
{
	vec_push(steps, (struct chunk_step){op, x, y});
}

/* Adds the steps of the way that was found, from its end to its start. */
static void way_walk_back(const struct chunk_way *way, long steps, struct chunk_step_vec *out)
{
	long x = way->before->len, y = way->after->len;

	for (; steps; steps--) {
		const long *last = way_row(way, steps - 1);
		bool in = way_goes_in(last, steps, x - y);
		long from = in ? x - y + 1 : x - y - 1;
		long from_x = last[from], from_y = last[from] - from;

		for (; x > from_x && y > from_y; x--, y--)
			way_add(out, CHUNK_SAME, x - 1, y - 1);
		way_add(out, in ? CHUNK_IN : CHUNK_OUT, from_x, from_y);
		x = from_x;
		y = from_y;
	}
	for (; x > 0 && y > 0; x--, y--)
		way_add(out, CHUNK_SAME, x - 1, y - 1);
}

static void way_reverse(struct chunk_step_vec *steps)
{
	for (size_t i = 0; i < steps->len / 2; i++) {
		struct chunk_step step = steps->data[i];

		steps->data[i] = steps->data[steps->len - 1 - i];
		steps->data[steps->len - 1 - i] = step;
	}
}

/* Returns how many chunks at the start are equal in both lists. */
static size_t common_at_start(const struct cchunk_vec *before, const struct cchunk_vec *after)
{
	size_t count = 0;

	while (count < before->len && count < after->len &&
	       before->data[count].hash == after->data[count].hash)
		count++;
	return count;
}

bool chunk_diff(const struct cchunk_vec *before, const struct cchunk_vec *after,
		struct chunk_step_vec *steps)
{
	size_t skip = common_at_start(before, after);
	struct cchunk_vec rest_before = {before->data + skip, before->len - skip, 0};
	struct cchunk_vec rest_after = {after->data + skip, after->len - skip, 0};
	struct chunk_way way = {&rest_before, &rest_after, rest_before.len + rest_after.len, NULL};
	size_t start = steps->len;

	for (size_t i = 0; i < skip; i++)
		way_add(steps, CHUNK_SAME, i, i);
	if (way.limit > MAX_STEPS)
		way.limit = MAX_STEPS;
	way.reach = xcalloc((way.limit + 1) * (2 * way.limit + 3), sizeof(*way.reach));

	long found = way_find(&way);
	struct chunk_step_vec back = {};

	if (found >= 0)
		way_walk_back(&way, found, &back);
	way_reverse(&back);
	vec_foreach(&back, it)
		way_add(steps, it->op, it->before + skip, it->after + skip);
	vec_free(&back);
	free(way.reach);
	if (found < 0)
		steps->len = start;
	return found >= 0;
}
