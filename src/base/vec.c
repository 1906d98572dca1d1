/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frees, sorts and searches vectors of strings. */
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

void str_vec_free(struct str_vec *vec)
{
	vec_foreach(vec, it)
		free(*it);
	vec_free(vec);
}

static int compare_string_items(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void str_vec_sort_unique(struct str_vec *vec)
{
	size_t kept = 0;

	if (!vec->len)
		return;
	qsort(vec->data, vec->len, sizeof(*vec->data), compare_string_items);
	for (size_t i = 0; i < vec->len; i++) {
		if (kept && !strcmp(vec->data[kept - 1], vec->data[i]))
			free(vec->data[i]);
		else
			vec->data[kept++] = vec->data[i];
	}
	vec->len = kept;
}

char **str_vec_find_sorted(const struct str_vec *vec, const char *text)
{
	return vec->len ? bsearch(&text, vec->data, vec->len, sizeof(*vec->data),
				  compare_string_items)
			: NULL;
}

bool str_vec_has(const struct str_vec *vec, const char *text)
{
	vec_foreach(vec, it)
		if (!strcmp(*it, text))
			return true;
	return false;
}

void str_vec_add(struct str_vec *vec, const char *text)
{
	if (!str_vec_has(vec, text))
		vec_push(vec, xstrdup(text));
}
