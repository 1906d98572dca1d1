/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorted lists of hashes, as sets of texts. */
#ifndef SUTURE_REACH_HASHES_H
#define SUTURE_REACH_HASHES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

struct hash_vec VEC(uint64_t);

void hashes_sort(struct hash_vec *hashes);

/* Sorts the hashes, and drops duplicates. */
void hashes_sort_unique(struct hash_vec *hashes);

/* Returns whether the sorted list has the hash. */
bool hashes_have(const struct hash_vec *hashes, uint64_t hash);

#endif
