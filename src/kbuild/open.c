/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens the cache of what a release's makefiles say, and asks the top Makefile for the variables
 * that it exports.
 */
#include "kbuild/open.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc.h"
#include "kbuild/kept.h"
#include "kbuild/scripts.h"
#include "target/usage.h"

/* This number is part of the cache's name: raise it when the meaning of a kept file changes. */
#define CACHE_FORMAT 9

/* Kept answers are not valid any more if the compiler or the files of a local kernel change. */
static void describe_file(struct strbuf *sb, const char *path)
{
	struct stat st;

	if (path && !stat(path, &st))
		strbuf_addf(sb, "%s %lld %lld.%ld\n", path, (long long)st.st_size,
			    (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

static char *cache_id(const struct target *target)
{
	scope_strbuf key = STRBUF_INIT;
	scope_free char *compiler = proc_find(target->compiler);
	scope_free char *config = xasprintf("%s/.config", target->build_dir);
	scope_free char *makefile = xasprintf("%s/Makefile", target->source);

	strbuf_addf(&key, "%d\n%s\n%s\n%s\n%s\n", CACHE_FORMAT, target->release, target->source,
		    target->build_dir, target->compiler_text);
	describe_file(&key, compiler);
	describe_file(&key, config);
	describe_file(&key, makefile);
	return xasprintf("kbuild-%016llx", (unsigned long long)XXH3_64bits(key.buf, key.len));
}

/* Makes links to answers in a cache that this user can read but not write. */
static struct err *borrow_cache(const char *from, const char *to)
{
	static const char *const names[] = {"environment",	 "units",	"includes",
					    "seals/environment", "seals/units", "seals/includes"};
	scope_free char *seals = xasprintf("%s/seals", to);

	err_try(dir_make(seals));

	for (size_t i = 0; i < array_size(names); i++) {
		scope_free char *original = xasprintf("%s/%s", from, names[i]);
		scope_free char *link = xasprintf("%s/%s", to, names[i]);

		/* If the link cannot be made, the answer is asked for again. */
		if (file_exists(original) && symlink(original, link) < 0)
			continue;
	}
	return NULL;
}

/* If the cache cannot be written, answers are kept for this run only. */
struct err *kbuild_open_cache(const struct target *target, const char *work,
			      const struct sandbox *sandbox, struct kbuild *kbuild)
{
	kbuild->target = target;
	kbuild->id = cache_id(target);

	scope_free char *path = xasprintf("%s/%s", target->dir, kbuild->id);
	struct err *err = dir_make(path);

	kbuild->sandbox = sandbox;
	if (!err && !access(path, W_OK)) {
		kbuild->keep = true;
		kbuild->cache = take_ptr(path);
		usage_touch(kbuild->cache);
		return NULL;
	}
	err_free(err);
	kbuild->cache = xasprintf("%s/cache", work);
	err_try(dir_make(kbuild->cache));
	return borrow_cache(path, kbuild->cache);
}

/* Returns whether a variable is make's own, or belongs to the one process that exported it. */
static bool is_private_variable(const char *var)
{
	static const char *const names[] = {
		"MAKE=",	  "MAKEFLAGS=", "MFLAGS=",	   "MAKELEVEL=", "PWD=",
		"MAKEOVERRIDES=", "OLDPWD=",	"PATH=",	   "LC_ALL=",	 "_=",
		"SHLVL=",	  "TMPDIR=",	"KBUILD_MODULES=", "MAKEFILES="};

	for (size_t i = 0; i < array_size(names); i++) {
		if (str_starts(var, names[i]))
			return true;
	}
	return !strchr(var, '=');
}

/* Reads variables as `env -0` prints them, without those of make itself. */
static void load_env(struct kbuild *kbuild, const char *text, size_t size)
{
	for (const char *var = text; var < text + size; var += strlen(var) + 1) {
		if (!is_private_variable(var))
			vec_push(&kbuild->env, xstrdup(var));
	}
	/* The top Makefile sets this when a single object is asked for. */
	vec_push(&kbuild->env, xstrdup("KBUILD_MODULES=1"));
	str_vec_sort_unique(&kbuild->env);
}

/*
 * -o says that the preparations are done, which is true in the headers package. Linux 6.13 renamed
 * abs_srctree and abs_objtree to srcroot and abs_output; kernels ignore the other names.
 */
static struct err *ask_top_makefile(struct kbuild *kbuild, const char *dir)
{
	const struct target *target = kbuild->target;
	scope_free char *script = xasprintf("%s/suture-export.mk", dir);
	scope_free char *compiler = xasprintf("CC=%s", target->compiler);
	scope_free char *hostcc = xasprintf("HOSTCC=%s", target->compiler);
	scope_free char *release = xasprintf("KERNELRELEASE=%s", target->release);
	scope_free char *objtree = xasprintf("abs_objtree=%s", dir);
	scope_free char *abs_output = xasprintf("abs_output=%s", dir);
	const char *const words[] = {
		"-f",
		"source/Makefile",
		"-f",
		"suture-export.mk",
		"sub_make_done=1",
		"srctree=source",
		"objtree=.", /* since 6.13 set from a variable that is not evaluated here */
		"srcroot=source",
		"abs_srctree=source",
		objtree,
		abs_output,
		"KBUILD_OUTPUT=",
		"has_libelf=1", /* before v5.16, a test of the host decides this, and objtool is not
				   used if it fails */
		"-o",
		"prepare",
		"-o",
		"scripts",
		"-o",
		"archprepare",
		"-o",
		"prepare0",
		"-o",
		"outputmakefile",
		release,
		compiler,
		hostcc,
		"suture-export"};
	struct str_vec args = {(char **)words, array_size(words), 0};

	err_try(file_write_scratch(script, kbuild_script_export, strlen(kbuild_script_export)));
	return err_wrap(kbuild_make(kbuild, dir, &args, NULL), "%s: cannot be configured",
			target->source);
}

struct err *kbuild_open(const struct target *target, const char *work,
			const struct sandbox *sandbox, struct kbuild *kbuild)
{
	err_try(kbuild_open_cache(target, work, sandbox, kbuild));

	scope_free char *cached = kept_path(kbuild, "environment");
	scope_free char *text = NULL;
	size_t size;

	if (!kept_has(kbuild, "environment")) {
		scope_free char *dir = xasprintf("%s/export", work);
		scope_free char *fresh = xasprintf("%s/suture-export", dir);

		err_try(kbuild_dir_make(kbuild, dir, target->source));
		err_try(ask_top_makefile(kbuild, dir));
		err_try(kept_copy(kbuild, fresh, "environment"));
	}
	err_try(file_read(cached, &text, &size));
	load_env(kbuild, text, size);
	return NULL;
}
