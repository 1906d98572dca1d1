/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of reached units, as it grows, and of what is not reached. */
#ifndef SUTURE_REACH_REACHED_H
#define SUTURE_REACH_REACHED_H

#include "base/strmap.h"
#include "reach/include_graph.h"
#include "reach/reach.h"

/* The state that the steps of one reach_find() share. */
struct reach_job {
	const struct reach_spec *spec;
	struct progress *progress;
	struct reach_result *result;
	struct strmap index;	     /* of result->reached, by their sources */
	struct include_graph *graph; /* NULL until a step asks who includes a file */
	struct str_vec includers;    /* those of spread: sorted */
	struct spread *spread;	     /* NULL until a step asks what a name reaches */
};

/* Reads who includes which file, unless a step has done so. */
struct err *reached_load_graph(struct reach_job *job);

/* Returns the units of the tree on one side. */
const struct kbuild_units *reached_units(const struct reach_job *job, enum side side);

/* Returns whether a unit of the kernel is made from source, on either side. */
bool reached_is_unit(const struct reach_job *job, const char *source);
/* Returns the source of an object, relative to the tree, or NULL if that is generated; free(). */
char *reached_source_of(const struct reach_job *job, enum side side, const char *object);

/* Returns whether it is compiled into another image than the kernel: the vDSO or boot code. */
bool reached_is_other_image(const struct reach_job *job, const char *source);
/* Returns whether it is part of a program that runs while the kernel is built. */
bool reached_is_build_program(const struct reach_job *job, const char *source);

/* Records that the unit made from source (relative to the tree) may be affected. */
void reached_add(struct reach_job *job, const char *source, enum reach_reason reason);

/* Returns the unit made from source, or NULL if it is not reached so far. */
struct reached_unit *reached_find(struct reach_job *job, const char *source);

/* Adds the units that exist on this side only. */
void reached_add_missing(struct reach_job *job, enum side side);

/*
 * Adds the units of one folder, "…/"; returns false if it has none. Sets *made if the source of one
 * of them is generated, and does not change it otherwise.
 */
bool reached_add_folder(struct reach_job *job, const char *dir, bool *made);

/*
 * Adds the units whose compilation depends on the makefile of the folder dir, "…/"; if deep, all
 * units below the folder, as for flags that a makefile sets for its subfolders, too.
 */
void reached_add_governed(struct reach_job *job, const char *dir, bool deep);

/* Records that a changed file is not part of this kernel. */
void reached_skip(struct reach_job *job, const char *path, const char *why);
/*
 * Warns, by the same rule, that a part of a file's change is not tracked, so that nobody takes the
 * rest for the whole change.
 */
void reached_lose_part(struct reach_job *job, const char *path, const char *why);

/* Records that the patch moves a unit's source, which makes all code in it new. */
void reached_move(struct reach_job *job, const char *path, const char *from);

/* Records a change that this kernel would have, but that no object shows. */
void reached_lose(struct reach_job *job, const char *path, const char *why);

#endif
