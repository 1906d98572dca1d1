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
	struct progress *progress; /* for notes; the caller sets it before opening; or NULL */
	const struct target *target;
	char *id;	    /* stands for target and compiler: "kbuild-0123456789abcdef" */
	char *cache;	    /* folder with what was learned about the target; processes share it */
	bool keep;	    /* the cache outlives this run */
	struct str_vec env; /* "NAME=value" for each variable that the top Makefile exports */
	const struct sandbox *sandbox; /* the sandbox of programs, or NULL; the caller's */
};

void kbuild_close(struct kbuild *kbuild);
#define scope_kbuild __attribute__((cleanup(kbuild_close))) struct kbuild

/* Returns the value of a variable of kbuild->env, or "" if it is not set. */
const char *kbuild_env(const struct kbuild *kbuild, const char *name);

/* Makes a build folder at dir for makefiles to run in, whose `source` is the given tree. */
struct err *kbuild_dir_make(const struct kbuild *kbuild, const char *dir, const char *source);

/*
 * Runs argv in dir, in the sandbox. Its environment is PATH, LC_ALL=C, TMPDIR and, with with_env,
 * the variables of kbuild->env.
 */
struct err *kbuild_exec(const struct kbuild *kbuild, const char *dir, bool with_env,
			const char *const *argv, int *status, struct strbuf *output);

/* Runs make in a build folder, with a script of Suture or a Makefile of the tree. */
struct err *kbuild_make(const struct kbuild *kbuild, const char *dir, const struct str_vec *args,
			struct strbuf *output);

/* Returns the first errors in the output of a compiler or make, as one line; free(). */
char *kbuild_first_errors(const char *output);

#endif
