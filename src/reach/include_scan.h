/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the #include lines of a text. */
#ifndef SUTURE_REACH_INCLUDE_SCAN_H
#define SUTURE_REACH_INCLUDE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct include_line {
	char *name;  /* as written between the quotes or brackets */
	bool quoted; /* the includer's folder is searched first */
};

struct include_line_vec VEC(struct include_line);

void include_line_vec_free(struct include_line_vec *includes);

/*
 * Lists all #include lines of a text, whatever the conditions around them, and the files of macros
 * with INCLUDE in their names, since an #include may use these.
 */
void include_lines_scan(const char *text, size_t size, struct include_line_vec *includes);

#endif
