/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who includes a changed file, and what becomes of the change there. */
#ifndef SUTURE_REACH_USERS_H
#define SUTURE_REACH_USERS_H

#include "reach/reached.h"

struct file_users {
	const struct change *change;
	struct str_vec units;	 /* sources of units that may include it */
	struct str_vec vdso;	 /* sources of the vDSO that may include it */
	struct str_vec images;	 /* by_name: sources of images other than the kernel, likewise */
	struct str_vec programs; /* sources of build programs that it is part of */
	struct str_vec noticing; /* by_name: those of programs that name what changes */
	struct str_vec names;	 /* by_name: those that it changes */
	bool by_name;		 /* the names that it changes decide which of them it reaches */
	bool in_kernel;		 /* it reaches a unit */
	bool in_vdso, in_other_image;
	bool by_program; /* a program that generates files includes it */
	bool generates;	 /* other files are generated from it, */
	bool made;	 /* some of these files are units' sources */
};

struct file_users_vec VEC(struct file_users);

void file_users_vec_free(struct file_users_vec *files);

/*
 * Finds the names that a change is about, if the text shows them. *known is false if it does not;
 * *only_comments is true if there are none, in a C or assembler file.
 */
struct err *users_read_names(const struct reach_job *job, const struct change *change,
			     struct str_vec *names, bool *known, bool *only_comments);

/* Fills in units, vdso, programs and in_other_image of a file whose change is set. */
struct err *users_find(struct reach_job *job, struct file_users *file);

/* Lists those of the names that stand for functions in both versions of a header, sorted. */
struct err *users_find_functions(const char *before, const char *after, const struct str_vec *names,
				 struct str_vec *functions);

/* Adds the units that the files judged by name reach; opens job->spread if there are any. */
struct err *users_reach_by_name(struct reach_job *job, struct file_users_vec *files);

#endif
