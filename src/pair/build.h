/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One pair_run(): what its steps hand to each other. */
#ifndef SUTURE_PAIR_BUILD_H
#define SUTURE_PAIR_BUILD_H

#include "base/strmap.h"
#include "kbuild/kbuild.h"
#include "pair/pair.h"
#include "patch/patch.h"

enum side { PRE, POST, NR_SIDES };

enum place { PLACE_PRE, PLACE_POST, PLACE_PLAIN, NR_PLACES };

/* Where units are compiled: a source tree and the build folder over it. */
struct build_place {
	char *tree, *dir;
	bool is_made;
	bool is_full; /* no folder of the tree is a link */
};

/* A unit that the patch may reach; `index` is its place in the result. */
struct reached {
	char *source;				/* "fs/proc/version.c" */
	char *object;				/* "fs/proc/version.o" */
	const struct kbuild_unit *in[NR_SIDES]; /* NULL: no unit on that side */
	bool certain;				/* its own source or command changed */
	bool by_include; /* includes, perhaps, something that changed: its dependencies tell */
	bool same;	 /* nothing that it includes changed, or the objects are equal */
	struct kbuild_command command[NR_SIDES];
	bool own_post_command;
	char *object_file[NR_SIDES];
	enum place post_place; /* PLACE_PLAIN: does not compile with #line directives */
};

struct reached_vec VEC(struct reached);

struct build {
	const struct pair_spec *spec;
	struct progress *progress;
	struct pair_result *result;
	struct kbuild kbuild;
	struct change_set changes;
	struct strmap changed_names;	       /* of their files, without folders */
	struct kbuild_units units, post_units; /* post_units is empty unless makefiles_change */
	bool makefiles_change;
	struct reached_vec reached;
	struct build_place places[NR_PLACES];
	char *post_keep; /* answers that hold for the patched source only */
};

/* Which units do the changes reach?  Of files that reach none, result->findings says why. */
struct err *build_select(struct build *build);

enum reach_why { REACH_SOURCE, REACH_INCLUDE, REACH_MAKEFILE };

/* Notes that the unit made from source (relative to the tree) may be affected. */
void build_reach(struct build *build, const char *source, enum reach_why why);

/* "path: why" */
void build_skip(struct build *build, const char *path, const char *why);
/* The same for a change that this kernel would have, and that the objects do not hold. */
void build_lose(struct build *build, const char *path, const char *why);

/*
 * The folder at or above path, "…/", whose makefile names it as it names what it makes files
 * from.  Not for units, whose objects it names.
 */
void build_generator_dirs(const char *source, const char *path, struct str_vec *dirs);

/* Whether the makefile of the folder has name as that of a file. */
bool build_names_file(const char *source, const char *dir, const char *name);

/* The folders of units, "…/", whose makefiles name the program with this source file. */
void build_program_dirs(const char *source, const struct kbuild_units *units, const char *program,
			struct str_vec *dirs);

/* Neither the kernel nor what builds it. */
bool build_is_apart(const char *path);
/* Of another architecture. */
bool build_is_foreign(const struct build *build, const char *path);

/*
 * Why a change of a file that is no unit's source is one of this kernel all the same: real-mode
 * code, linker scripts, what other files are generated from.  NULL: it is not, as far as is known.
 */
const char *build_why_lost(const struct build *build, const char *path);

/* The same for a makefile: one that changes more than which objects there are, and their flags. */
struct err *build_makefile_lost(const struct build *build, const struct change *change,
				const char **why);

/* Whether a makefile changes as in a new point release: in the version and comments alone. */
struct err *build_only_version_changes(const struct build *build, const struct change *change,
				       bool *alone);

/* A source that goes while a makefile still names its object is an error. */
struct err *build_check_removed(const struct build *build, const struct change *change);

/* Whether two makefiles differ in rules or in the commands that these run. */
bool build_recipes_differ(const char *before, const char *after);

/* The patched source tree of a place; lined: with #line directives. */
struct err *build_tree_make(struct build *build, enum place place, bool lined);

/* The build folder of a place, and real folders where objects go and sources include. */
struct err *build_place_make(struct build *build, enum place place);

/* How each reached unit is compiled, on both sides. */
struct err *build_commands(struct build *build);

/* Compiles what has to be and fills in reached[].object_file and .same. */
struct err *build_compile(struct build *build);

/* Where and how a side of a unit is compiled. */
const char *build_side_dir(const struct build *build, const struct reached *unit, enum side side);
const struct kbuild_command *build_side_command(const struct reached *unit, enum side side);

/* Whether two object files load the same bytes with the same relocations. */
struct err *build_objects_equal(const char *pre, const char *post, bool *equal);

#endif
