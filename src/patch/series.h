/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a series of patches into its commits and the files that each changes. */
#ifndef SUTURE_PATCH_SERIES_H
#define SUTURE_PATCH_SERIES_H

#include "patch/parse.h"

struct series_commit {
	char *id; /* git's, such as "0123456789abcdef…"; NULL if the mail does not begin with it */
	char *name; /* the subject without "[PATCH 1/2]", or the file's name */
	char *text; /* the mail, decoded; files point into it */
	struct patch_file_vec files;
};

struct series_commit_vec VEC(struct series_commit);

/*
 * Reads the patches of a folder in the order of their names (*.patch, *.diff, *.mbox, *.eml), those
 * of an mbox or a single file, or a range of commits such as "v6.1.190..v6.1.192" of the git
 * repository in the current folder. Mails without a diff are skipped. The caller frees the commits.
 */
struct err *series_read(const char *source, struct series_commit_vec *commits);
void series_free(struct series_commit_vec *commits);

#endif
