/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of reached units, as it grows, and of what is not reached. */
#ifndef SUTURE_REACH_REACHED_H
#define SUTURE_REACH_REACHED_H

#include "reach/include_graph.h"
#include "reach/reach.h"

/* One reach_find(): what its steps hand to each other. */
struct reach_job {
	const struct reach_spec *spec;
	struct progress *progress;
	struct reach_result *result;
	struct include_graph *graph; /* NULL until somebody asks who includes a file */
};

/* The units of the tree on one side. */
const struct kbuild_units *reached_units(const struct reach_job *job, enum side side);

/* Whether a unit of the kernel is made from source, on either side. */
bool reached_is_unit(const struct reach_job *job, const char *source);
/* What an object is made from, relative to the tree, or NULL if that is generated; free(). */
char *reached_source_of(const struct reach_job *job, enum side side, const char *object);

/* Whether it is compiled into another image than the kernel: the vDSO or boot code. */
bool reached_is_other_image(const struct reach_job *job, const char *source);
/* Whether it is part of a program that runs while the kernel is built. */
bool reached_is_build_program(const struct reach_job *job, const char *source);

/* Notes that the unit made from source (relative to the tree) may be affected. */
void reached_add(struct reach_job *job, const char *source, enum reach_reason reason);

/* The unit made from source, or NULL while it is not reached. */
struct reached_unit *reached_find(struct reach_job *job, const char *source);

/* Adds the units that exist on this side only. */
void reached_add_missing(struct reach_job *job, enum side side);

/*
 * Adds the units of one folder, "…/"; returns false when it has none.  Sets *made if the source of
 * one of them is generated, and leaves it alone otherwise.
 */
bool reached_add_folder(struct reach_job *job, const char *dir, enum reach_reason reason,
			bool *made);

/* Notes that a changed file is not part of this kernel. */
void reached_skip(struct reach_job *job, const char *path, const char *why);
/*
 * Warns that a part of what a file changes is not followed, by the same rule: whoever needs all of
 * a change must not take the rest for it.
 */
void reached_lose_part(struct reach_job *job, const char *path, const char *why);

/* Notes that the patch moves a unit's source, which makes new code of all that is in it. */
void reached_move(struct reach_job *job, const char *path, const char *from);

/* Notes a change that this kernel would have, but that no object shows. */
void reached_lose(struct reach_job *job, const char *path, const char *why);

#endif
