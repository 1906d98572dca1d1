/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A makefile as make reads it: logical lines, and which of them are the text of something else. */
#ifndef SUTURE_PATCH_MAKEFILE_LINES_H
#define SUTURE_PATCH_MAKEFILE_LINES_H

#include <stdbool.h>

#include "base/vec.h"

struct makefile_line {
	unsigned line; /* number of the first of its lines */
	char *text;    /* joined, without comment and outer blanks; unchanged if `raw` */
	/*
	 * The line is in a define, or may be part of a recipe. A line that make could read either
	 * way counts as raw: such lines must not change.
	 */
	bool raw;
};

struct makefile_line_vec VEC(struct makefile_line);

/* Reads the lines that are not empty, in their order. */
void makefile_lines_read(const char *text, struct makefile_line_vec *lines);
void makefile_lines_free(struct makefile_line_vec *lines);
#define scope_makefile_lines __attribute__((cleanup(makefile_lines_free))) struct makefile_line_vec

/* Sets for each line of both sides whether the other side lacks it at its place. */
void makefile_lines_compare(const struct makefile_line_vec *before,
			    const struct makefile_line_vec *after, bool *removed, bool *added);

#endif
