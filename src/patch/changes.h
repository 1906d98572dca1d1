/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that patches change, as private copies; the source tree is only read. */
#ifndef SUTURE_PATCH_CHANGES_H
#define SUTURE_PATCH_CHANGES_H

#include "base/err.h"
#include "base/vec.h"
#include "finding/finding.h"

enum change_kind { CHANGE_MODIFIED, CHANGE_ADDED, CHANGE_REMOVED };

struct change {
	char *path; /* in the tree */
	enum change_kind kind;
	char *file;	  /* private copy of what it becomes; NULL when removed */
	bool is_link;	  /* the patch makes or changes a symbolic link; file holds its text */
	char *moved_from; /* its path before a rename, or NULL */
};

struct change_vec VEC(struct change);

struct sandbox;

struct change_set {
	char *dir;		       /* where the private copies go; owned by the caller */
	const struct sandbox *sandbox; /* what patch(1) runs in, or NULL; the caller's */
	struct change_vec changes;
	struct finding_vec findings; /* hunks that apply only with fuzz */
	struct str_vec cves;	     /* that the patches' mails name, as often as they do */
	unsigned nr_files;
};

void change_set_free(struct change_set *set);

/* The change of the file at path, or NULL when there is none. */
struct change *change_find(const struct change_set *set, const char *path);

/*
 * Applies the diff in the file at patch on top of what set holds already.  The tree at root is
 * only read.  What does not apply is an error that names patch, file and hunk.
 */
struct err *change_set_apply(struct change_set *set, const char *patch, const char *root);

/*
 * Records that the file at path becomes a copy of file, or is removed where file is NULL; links are
 * recorded as such.
 */
struct err *change_set_put(struct change_set *set, const char *root, const char *path,
			   const char *file);

/* Drops files that end up as they were in the tree at root, and sorts the rest by path. */
struct err *change_set_settle(struct change_set *set, const char *root);

/* A file that the patches change, as text before and after. */
struct changed_file {
	char *path;	      /* in the tree */
	char *before, *after; /* files with its text; NULL when it is new or removed */
};

struct changed_file_vec VEC(struct changed_file);

#endif
