/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of this folder share.
 *
 * Everything runs in private build folders, farms over the target's, with the source tree as the
 * link `source` inside.  So a command has no path of ours in it, the same text compiles either
 * side, and what was learned about a release can be kept for the next run.
 */
#ifndef SUTURE_KBUILD_INTERNAL_H
#define SUTURE_KBUILD_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "target/target.h"

struct kb_tool {
	const struct target *target;
	char *cache;	    /* what was learned about the target; shared between processes */
	bool keep;	    /* the cache outlives this run */
	struct str_vec env; /* "NAME=value": what the top Makefile exports to those below */
};

/* Only target, cache and keep. */
struct err *kb_cache_open(const struct target *target, const char *work, struct kb_tool *tool);

/* The same, and asks the top Makefile once per release. */
struct err *kb_tool_open(const struct target *target, const char *work, struct kb_tool *tool);
void kb_tool_close(struct kb_tool *tool);
#define scope_kb_tool __attribute__((cleanup(kb_tool_close))) struct kb_tool

/* A value of tool->env, or "". */
const char *kb_tool_env(const struct kb_tool *tool, const char *name);

/* A build folder at dir, for makefiles to run in, whose `source` is the given tree. */
struct err *kb_build_dir_make(const struct kb_tool *tool, const char *dir, const char *source);

/* Runs argv in dir with PATH, LC_ALL=C and the given variables for its whole environment. */
struct err *kb_run(const char *dir, const struct str_vec *env, const char *const *argv, int *status,
		   struct strbuf *output);

/* Runs make on a script of ours, or with a Makefile of the tree, in a build folder. */
struct err *kb_make(const struct kb_tool *tool, const char *dir, const struct str_vec *args,
		    struct strbuf *output);

/* The first complaints in a compiler's or make's output, as one line; free(). */
char *kb_first_errors(const char *output);

/* ---- units ---- */

enum kb_unit_kind {
	KB_UNIT_KERNEL = 'k', /* in vmlinux, in modules, or both */
	KB_UNIT_LIB = 'l',    /* in vmlinux if something refers to it */
	KB_UNIT_HOST = 'h',   /* of a program that runs during the build */
	KB_UNIT_OTHER = 'o'   /* in another image: vDSO, boot code, … */
};

struct kb_unit {
	const char *object; /* "fs/proc/version.o" */
	const char *goal;   /* how make knows it: "drivers/a/../b/c.o", or the same */
	enum kb_unit_kind kind;
	const char *owners; /* separated by blanks; "" when not in the kernel */
};

struct kb_unit_vec VEC(struct kb_unit);

/* Every object of a release, sorted by name. */
struct kb_units {
	struct kb_unit_vec units;
	char *text; /* owns the strings */
};

/* From the cache, or by walking the makefiles of the source tree. */
struct err *kb_units_load(const struct kb_tool *tool, const char *work, struct progress *progress,
			  struct kb_units *units);

/* By walking the makefiles as build folder dir sees them. */
struct err *kb_units_walk(const struct kb_tool *tool, const char *dir, struct kb_units *units);

void kb_units_free(struct kb_units *units);
#define scope_kb_units __attribute__((cleanup(kb_units_free))) struct kb_units

const struct kb_unit *kb_unit_find(const struct kb_units *units, const char *object);

/* The walker's output as the sorted text that the cache holds; arch_lib as in $(ARCH_LIB). */
char *kb_units_digest(const char *walk, const char *arch_lib);

/* Takes text over. */
struct err *kb_units_parse(char *text, struct kb_units *units);

/* In vmlinux or a module. */
bool kb_unit_is_kernel(const struct kb_unit *unit);

/* "fs/proc/version.c" → "fs/proc/version.o"; free(). */
char *kb_object_of(const char *source);

/* ---- commands ---- */

struct kb_command {
	char *compile; /* compiler and flags, without -c, -o and the source */
	char *source;  /* "source/fs/proc/version.c" */
	char *depfile; /* where the flags send the dependencies */
	char *objtool; /* program and flags, or "" */
	char *finish;  /* another command on the object (recordmcount), or "" */
};

void kb_command_free(struct kb_command *command);

/* The text that a query leaves, one `key=value` a line; name is for messages. */
struct err *kb_command_parse(const char *name, const char *text, struct kb_command *command);

struct kb_query {
	const char *dir; /* a build folder, made when something has to be asked */
	const char *source;
	const char *keep; /* answers, and what the build generated for them, are kept here */
	unsigned jobs;
};

/*
 * The commands of units, in their order: as kept, else the tree's own makefiles are asked,
 * which also generate what the units' sources include.
 */
struct kb_unit_list VEC(const struct kb_unit *);

struct err *kb_commands_query(const struct kb_tool *tool, const struct kb_query *query,
			      const struct kb_unit_list *units, struct kb_command *commands);

/*
 * Makes the folders of a unit's object real in a farm, and the one from which its name climbs to
 * it: a ".." behind a link would lead out of the farm.
 */
struct err *kb_unit_descend(const struct kb_unit *unit, const char *upper, const char *lower);

/* Makes what was generated for the answers in keep part of a build folder. */
struct err *kb_generated_link(const struct kb_tool *tool, const char *dir, const char *keep);

/* ---- dependencies ---- */

/* The files that a dependency file (make syntax) names behind its target, as written. */
void kb_deps_parse(const char *text, struct str_vec *deps);

/* ---- compiling ---- */

struct kb_pool;

/* `data` comes back from kb_pool_next(); object is below dir. */
struct kb_job {
	void *data;
	const char *dir; /* build folder */
	const char *object;
	const struct kb_command *command;
};

struct kb_done {
	void *data;
	char *failure; /* what the compiler said if it failed, else NULL; free() */
};

/* Compilations that run at the same time, at most jobs of them; temp is for their files. */
/* include_dir: searched last for headers, or NULL. */
struct kb_pool *kb_pool_new(unsigned jobs, const struct kb_tool *tool, const char *temp,
			    const char *include_dir);

/* A folder searched for headers before all others. */
void kb_pool_put_first(struct kb_pool *pool, const char *first_dir);

/* Kills what still runs. */
void kb_pool_free(struct kb_pool *pool);
void kb_pool_freep(struct kb_pool **poolp);
#define scope_kb_pool __attribute__((cleanup(kb_pool_freep))) struct kb_pool *

/* What job points at must live until the job is done. */
void kb_pool_add(struct kb_pool *pool, const struct kb_job *job);

/* Waits for the next end of a job; *any is false when there is none left. */
struct err *kb_pool_next(struct kb_pool *pool, struct kb_done *done, bool *any);

#endif
