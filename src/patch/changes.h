/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that patches change, as private copies; the source tree is only read. */
#ifndef SUTURE_PATCH_CHANGES_H
#define SUTURE_PATCH_CHANGES_H

#include "base/err.h"
#include "base/vec.h"
#include "finding/finding.h"

enum change_kind { CHANGE_MODIFIED, CHANGE_ADDED, CHANGE_REMOVED };

struct change {
	char *path; /* relative to the tree */
	enum change_kind kind;
	char *file;	  /* private copy of what it becomes; NULL if it is removed */
	bool is_link;	  /* the patch makes or changes a symbolic link; file contains its target */
	char *moved_from; /* its path before a rename, or NULL */
	/* Of a header: names by which the change reaches others; NULL: unknown; the caller's. */
	const struct str_vec *names;
};

struct change_vec VEC(struct change);

struct sandbox;

struct change_set {
	char *dir;		       /* folder of the private copies; owned by the caller */
	const struct sandbox *sandbox; /* the sandbox of patch(1), or NULL; the caller's */
	struct change_vec changes;
	struct finding_vec findings; /* hunks that apply only with fuzz */
	struct str_vec cves;	     /* that the patches' mails name, as often as they do */
	unsigned nr_files;
};

void change_set_free(struct change_set *set);

/* Returns the change of the file at path, or NULL if there is none. */
struct change *change_find(const struct change_set *set, const char *path);

/*
 * Applies the diff in the file `patch` to what set already contains. It only reads the tree at
 * root. If a hunk does not apply, the error names patch, file and hunk.
 */
struct err *change_set_apply(struct change_set *set, const char *patch, const char *root);

/*
 * Records that the file at path becomes a copy of file, or is removed if file is NULL. Links are
 * recorded as links.
 */
struct err *change_set_put(struct change_set *set, const char *root, const char *path,
			   const char *file);

/* Drops files that end up the same as in the tree at root, and sorts the others by path. */
struct err *change_set_settle(struct change_set *set, const char *root);

/* The text of a file that the patches change, before and after. */
struct changed_file {
	char *path;	      /* relative to the tree */
	char *before, *after; /* files with its text; NULL if it is new or removed */
};

struct changed_file_vec VEC(struct changed_file);

#endif
