/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares the twins that correlate.h has found. */
#ifndef SUTURE_DIFF_COMPARE_H
#define SUTURE_DIFF_COMPARE_H

#include "diff/atom.h"

/* Sets `changed` on both twins, and `why` on the original. */
void compare_sides(struct side *orig);

/* Marks the original and its twin as changed; the text says why. */
void atom_change(struct atom *orig, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Returns whether the bytes outside relocated fields are the same. */
bool atom_bytes_equal(const struct atom *a, const struct atom *b);

/*
 * Returns whether the bytes are the same and point to the same things, so that one can replace the
 * other.
 */
bool atom_content_equal(const struct atom *a, const struct atom *b);

#endif
