/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patched objects that are kept, each with what it was made from: the command and every file that
 * the compiler read, by content.  One that was made from the same is not made again.
 */
#ifndef SUTURE_PAIR_KEPT_POSTS_H
#define SUTURE_PAIR_KEPT_POSTS_H

#include <stdbool.h>

#include "pair/pairing.h"

struct kept_posts;

struct kept_posts *kept_posts_new(struct pairing *pairing);
void kept_posts_free(struct kept_posts *posts);

/*
 * The path of an object that is what compiling the unit's patched side would make; NULL when none
 * is kept; free().
 */
char *kept_posts_find(struct kept_posts *posts, const struct paired_unit *unit);

/* Keeps an object that was compiled, and the files that the compiler read for it. */
struct err *kept_posts_add(struct kept_posts *posts, const struct paired_unit *unit,
			   const struct str_vec *deps);

#endif
