/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes patched sources keep the line numbers of unpatched lines, so that __LINE__ (in BUG(),
 * WARN(), lockdep classes, …) does not make functions below a hunk differ.
 */
#ifndef SUTURE_PATCH_LINES_H
#define SUTURE_PATCH_LINES_H

#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "base/vec.h"

/*
 * From line `now` of the new text to the next entry, lines were line `before` and those after it.
 */
struct line_shift {
	unsigned now, before;
};

struct line_shift_vec VEC(struct line_shift);

struct sandbox;

/* Runs diff(1) to find the shifts between two files, in order. */
struct err *line_shifts_find(const char *old_file, const char *new_file,
			     const struct sandbox *sandbox, struct line_shift_vec *shifts);

/* Reads the shifts from the output of diff(1) in its normal format. */
struct err *line_shifts_parse(const char *diff, struct line_shift_vec *shifts);

/*
 * Appends text to out, with a #line directive at the first place after each shift that is outside
 * functions, initialisers, macros, comments, and conditional groups that the compiler may skip.
 */
void lines_keep(const char *text, const struct line_shift_vec *shifts, struct strbuf *out);

#endif
