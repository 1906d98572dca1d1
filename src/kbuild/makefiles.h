/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the makefiles of a source tree (open.h starts that; kept.h keeps their answers). */
#ifndef SUTURE_KBUILD_MAKEFILES_H
#define SUTURE_KBUILD_MAKEFILES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "target/target.h"

struct kbuild {
	struct progress *progress; /* for notes; set by the caller before opening, or NULL */
	const struct target *target;
	char *id;	    /* of target and compiler: "kbuild-0123456789abcdef" */
	char *cache;	    /* what was learned about the target; shared between processes */
	bool keep;	    /* the cache outlives this run */
	struct str_vec env; /* "NAME=value": what the top Makefile exports to those below */
	const struct sandbox *sandbox; /* what programs run in, or NULL; the caller's */
};

void kbuild_close(struct kbuild *kbuild);
#define scope_kbuild __attribute__((cleanup(kbuild_close))) struct kbuild

/* The value of a variable of kbuild->env, or "" when it is not set. */
const char *kbuild_env(const struct kbuild *kbuild, const char *name);

/* A build folder at dir, for makefiles to run in, whose `source` is the given tree. */
struct err *kbuild_dir_make(const struct kbuild *kbuild, const char *dir, const char *source);

/*
 * Runs argv in dir, in the sandbox, with PATH, LC_ALL=C, TMPDIR and, where with_env is set, those
 * of kbuild->env for its whole environment.
 */
struct err *kbuild_exec(const struct kbuild *kbuild, const char *dir, bool with_env,
			const char *const *argv, int *status, struct strbuf *output);

/* Runs make on a script of ours, or with a Makefile of the tree, in a build folder. */
struct err *kbuild_make(const struct kbuild *kbuild, const char *dir, const struct str_vec *args,
			struct strbuf *output);

/* The first complaints in a compiler's or make's output, as one line; free(). */
char *kbuild_first_errors(const char *output);

#endif
