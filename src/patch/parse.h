/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses unified diffs into the files that they change and the hunks of each. */
#ifndef SUTURE_PATCH_PARSE_H
#define SUTURE_PATCH_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"

/* The part of a diff about one file. Names are as written, without the date after them. */
struct patch_file {
	char *old_name, *new_name; /* NULL for /dev/null */
	char *bad_name;		   /* a name that leads out of the tree, for messages; or NULL */
	bool renames;		   /* the old file is removed */
	bool copies;
	bool is_link;	   /* git's mode means a symbolic link, or another repository */
	bool prefixed;	   /* names have git's a/ and b/ */
	bool from_nothing; /* the first hunk says that there were no lines before */
	unsigned line;	   /* where it starts in the diff */
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
 * Returns the files that a diff changes, in its order; name is for messages. Absolute paths, "..",
 * binary changes, truncated hunks, and a text without any change are refused.
 */
struct err *patch_parse(const char *name, const char *text, struct patch_file_vec *files);

/* Returns how many leading path components the files' names have that the tree at root does not. */
unsigned patch_strip_level(const struct patch_file_vec *files, const char *root);

/* Returns the name without so many components, or NULL if it has no more than that. */
const char *patch_strip(const char *name, unsigned level);

#endif
