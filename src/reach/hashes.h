/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorted lists of hashes, as sets of texts. */
#ifndef SUTURE_REACH_HASHES_H
#define SUTURE_REACH_HASHES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

struct hash_vec VEC(uint64_t);

void hashes_sort(struct hash_vec *hashes);

/* The same, and drops all but one of those that are equal. */
void hashes_sort_unique(struct hash_vec *hashes);

/* hashes is sorted. */
bool hashes_have(const struct hash_vec *hashes, uint64_t hash);

#endif
