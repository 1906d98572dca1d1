/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares a build with the one before, for a caller that builds a large change repeatedly and
 * leaves out more of it each time.
 */
#ifndef SUTURE_REACH_ALTERED_H
#define SUTURE_REACH_ALTERED_H

#include "base/err.h"
#include "base/vec.h"

struct reach_job;

/* A file whose patched text is not what it was in the build before. */
struct altered_file {
	char *path; /* in the tree */
	char *last; /* a file with the text that holds all of the change; NULL: it is removed */
	/*
	 * Of a header: sorted, the names by which what differs reaches the code or the debug data
	 * of others; NULL: unknown.
	 */
	struct str_vec *names;
};

struct altered_file_vec VEC(struct altered_file);

void altered_files_free(struct altered_file_vec *files);

/* Sets REACH_ALTERED on those of the reached units that may see what differs. */
struct err *altered_mark(struct reach_job *job);

#endif
