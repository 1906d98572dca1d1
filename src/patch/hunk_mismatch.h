/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a hunk does not apply. */
#ifndef SUTURE_PATCH_HUNK_MISMATCH_H
#define SUTURE_PATCH_HUNK_MISMATCH_H

#include <stddef.h>

/*
 * Says which line of a file differs from what the numberth hunk (from 1) expects, where most of the
 * hunk's lines are: "line 17 is 'b', and not 'a'". The hunks have size bytes; text is the whole
 * file. NULL if the hunk cannot be read or expects no lines; free().
 */
char *hunk_mismatch(const char *hunks, size_t size, unsigned number, const char *text);

#endif
