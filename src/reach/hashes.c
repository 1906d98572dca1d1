/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts lists of hashes and searches them. */
#include "reach/hashes.h"

#include <stdlib.h>

static int hashes_compare(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

	return (one > two) - (one < two);
}

void hashes_sort(struct hash_vec *hashes)
{
	if (hashes->len)
		qsort(hashes->data, hashes->len, sizeof(*hashes->data), hashes_compare);
}

void hashes_sort_unique(struct hash_vec *hashes)
{
	size_t kept = 0;

	hashes_sort(hashes);
	for (size_t i = 0; i < hashes->len; i++) {
		if (!kept || hashes->data[kept - 1] != hashes->data[i])
			hashes->data[kept++] = hashes->data[i];
	}
	hashes->len = kept;
}

bool hashes_have(const struct hash_vec *hashes, uint64_t hash)
{
	return hashes->len &&
	       bsearch(&hash, hashes->data, hashes->len, sizeof(hash), hashes_compare);
}
