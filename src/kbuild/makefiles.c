/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the tree's own makefiles, and keeps what is learned about a release. */
#include "kbuild/makefiles.h"
#include "target/usage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc.h"
#include "kbuild/farm.h"
#include "kbuild/kept.h"
#include "kbuild/scripts.h"

/* This number is part of the cache's name: raise it when the meaning of a kept file changes. */
#define CACHE_FORMAT 9

/* Kept answers are void once the compiler or the files of a local kernel change. */
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

/* Answers in a cache that this user cannot write can still be read. */
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

struct err *kbuild_dir_make(const struct kbuild *kbuild, const char *dir, const char *source)
{
	const char *build = kbuild->target->build_dir;

	err_try(farm_make(dir, build));
	/* Makefiles create programs and headers in these folders, and must not write the original.
	 */
	err_try(farm_descend_all(dir, build, "arch"));
	err_try(farm_descend_all(dir, build, "scripts"));
	err_try(farm_descend_all(dir, build, "tools"));
	return farm_put(dir, build, "source", source);
}

struct err *kbuild_exec(const struct kbuild *kbuild, const char *dir, bool with_env,
			const char *const *argv, int *status, struct strbuf *output)
{
	struct argv_vec VEC(const char *) words = {};
	scope_free char *path_var = target_path_variable(kbuild->target);
	scope_free char *temp = xasprintf("TMPDIR=%s", dir);

	vec_push(&words, "env");
	vec_push(&words, "-i");
	vec_push(&words, path_var);
	vec_push(&words, "LC_ALL=C");
	vec_push(&words, temp);
	for (size_t i = 0; with_env && i < kbuild->env.len; i++)
		vec_push(&words, kbuild->env.data[i]);
	for (; *argv; argv++)
		vec_push(&words, *argv);
	vec_push(&words, NULL);

	struct err *err = proc_run(
		&(struct proc_spec){.argv = words.data, .cwd = dir, .sandbox = kbuild->sandbox},
		status, output);

	vec_free(&words);
	return err;
}

/*
 * How much of a line of the compiler's output says nothing to people: the link to the source, and
 * the name of a file of assembler that the compiler made and removed, "/tmp/cclb3bci.s:40: ".
 */
static size_t unread_prefix(const char *line, size_t len)
{
	const char *end = memmem(line, len, ".s:", 3);
	const char *base = end ? memrchr(line, '/', end - line) : NULL;
	size_t skip;

	if (str_starts(line, "source/"))
		return strlen("source/");
	if (!end || memchr(line, ' ', end - line))
		return 0;
	base = base ? base + 1 : line;
	if (!str_starts(base, "cc") && (end - base < 2 || strncmp(end - 2, ".o", 2)))
		return 0;
	skip = end + 3 - line;
	skip += strspn(line + skip, "0123456789");
	return !strncmp(line + skip, ": ", 2) ? skip + 2 : 0;
}

/* The first lines of text that have sign in them, at most three. */
static void add_lines_with(const char *text, const char *sign, struct strbuf *out)
{
	unsigned count = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strcspn(line, "\n");
		size_t skip = unread_prefix(line, len);

		if (memmem(line, len, sign, strlen(sign)) && count++ < 3)
			strbuf_addf(out, "%s%.*s", out->len ? "; " : "", (int)(len - skip),
				    line + skip);
	}
}

char *kbuild_first_errors(const char *output)
{
	/* Lines of compilers tell most, then those of assemblers, of modpost, then those of make.
	 */
	static const char *const signs[] = {"error: ", "Error: ", "ERROR: ", "*** "};
	scope_strbuf out = STRBUF_INIT;

	for (size_t i = 0; !out.len && i < array_size(signs); i++)
		add_lines_with(output, signs[i], &out);
	if (!out.len)
		proc_last_lines(output, 3, &out);
	return strbuf_detach(&out);
}

struct err *kbuild_make(const struct kbuild *kbuild, const char *dir, const struct str_vec *args,
			struct strbuf *output)
{
	struct argv_vec VEC(const char *) words = {};
	scope_strbuf own = STRBUF_INIT;
	int status;

	if (!output)
		output = &own;
	vec_push(&words, "make");
	vec_push(&words, "-rR");
	vec_push(&words, "--no-print-directory");
	vec_push(&words, "--include-dir=source");
	vec_foreach(args, it)
		vec_push(&words, *it);
	vec_push(&words, NULL);

	struct err *err = kbuild_exec(kbuild, dir, true, words.data, &status, output);

	vec_free(&words);
	err_try(err);
	if (!status)
		return NULL;

	scope_free char *why = kbuild_first_errors(output->buf);

	return err_new("make: %s", why);
}

/* Variables of make's own, and those that belong to the one process that exported them. */
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

/* Reads variables as `env -0` prints them, and drops those of make itself. */
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

const char *kbuild_env(const struct kbuild *kbuild, const char *name)
{
	size_t len = strlen(name);

	vec_foreach(&kbuild->env, it) {
		if (!strncmp(*it, name, len) && (*it)[len] == '=')
			return *it + len + 1;
	}
	return "";
}

/*
 * The preparations are declared done (-o): they are, in the headers package.  Linux 6.13 renamed
 * abs_srctree and abs_objtree to srcroot and abs_output; the unused names are harmless.
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
		"objtree=.", /* since 6.13 from another variable that we skip */
		"srcroot=source",
		"abs_srctree=source",
		objtree,
		abs_output,
		"KBUILD_OUTPUT=",
		"has_libelf=1", /* before v5.16: a test of the host, without which objtool is not
				   used */
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

void kbuild_close(struct kbuild *kbuild)
{
	free(kbuild->id);
	free(kbuild->cache);
	str_vec_free(&kbuild->env);
	*kbuild = (struct kbuild){};
}
