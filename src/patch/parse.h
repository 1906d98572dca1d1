/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unified diffs, read: which files they change, by which hunks. */
#ifndef SUTURE_PATCH_PARSE_H
#define SUTURE_PATCH_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"

/* One file's part of a diff.  Names are as written, without the date behind them. */
struct patch_file {
	char *old_name, *new_name; /* NULL for /dev/null */
	char *bad_name;		   /* one that leads out of the tree, for messages; or NULL */
	bool renames;		   /* the old file goes */
	bool copies;
	bool is_link;	   /* git's mode says: a symbolic link, or another repository */
	bool prefixed;	   /* git's a/ and b/ */
	bool from_nothing; /* the first hunk says that there were no lines before */
	unsigned line;	   /* of the diff, where it starts */
	unsigned nr_hunks;
	struct {
		const char *start;
		size_t size;
	} hunks; /* points into the text that was parsed */
};

struct patch_file_vec VEC(struct patch_file);

void patch_file_vec_free(struct patch_file_vec *files);
#define scope_patch_files __attribute__((cleanup(patch_file_vec_free))) struct patch_file_vec

/*
 * The files that a diff changes, in its order; name is for messages.  Refused: absolute paths,
 * "..", binary changes, truncated hunks, a text without any change.
 */
struct err *patch_parse(const char *name, const char *text, struct patch_file_vec *files);

/* How many leading path components the names of files have that the tree root lacks. */
unsigned patch_strip_level(const struct patch_file_vec *files, const char *root);

/* The name without so many components, or NULL when it has no more than these. */
const char *patch_strip(const char *name, unsigned level);

#endif
