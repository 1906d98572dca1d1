/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a hunk does not apply. */
#ifndef SUTURE_PATCH_HUNK_MISMATCH_H
#define SUTURE_PATCH_HUNK_MISMATCH_H

#include <stdbool.h>
#include <stddef.h>

struct hunk_mismatch {
	size_t line;	/* of the file, from 1 */
	char *expected; /* the beginning of the line that the hunk expects there */
	char *found;	/* that of the line that is there; NULL if the file ends before it */
};

void hunk_mismatch_free(struct hunk_mismatch *mismatch);
#define scope_hunk_mismatch __attribute__((cleanup(hunk_mismatch_free))) struct hunk_mismatch

/*
 * Finds the first line of a file that differs from what the numberth hunk (from 1) expects, where
 * most of the hunk's lines are. The hunks have size bytes; text is the whole file. Returns false if
 * the hunk cannot be read or expects no lines.
 */
bool hunk_mismatch_find(const char *hunks, size_t size, unsigned number, const char *text,
			struct hunk_mismatch *mismatch);

#endif
