/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps patched objects, each with the command and the contents of every file that the compiler
 * read. An object made from the same inputs is not made again.
 */
#ifndef SUTURE_PAIR_KEPT_POSTS_H
#define SUTURE_PAIR_KEPT_POSTS_H

#include <stdbool.h>

#include "pair/pairing.h"

struct kept_posts;

struct kept_posts *kept_posts_new(struct pairing *pairing);
void kept_posts_free(struct kept_posts *posts);

/*
 * Returns the path of a kept object that compiling the unit's patched side would produce; NULL if
 * none is kept; free().
 */
char *kept_posts_find(struct kept_posts *posts, const struct paired_unit *unit);

/*
 * Keeps a compiled object and the list of files that the compiler read for it. The caller frees
 * *kept, the path of the copy.
 */
struct err *kept_posts_add(struct kept_posts *posts, const struct paired_unit *unit,
			   const struct str_vec *deps, char **kept);

#endif
