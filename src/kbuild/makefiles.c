/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs programs and makefiles of a source tree in private build folders. */
#include "kbuild/makefiles.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "kbuild/farm.h"

struct err *kbuild_dir_make(const struct kbuild *kbuild, const char *dir, const char *source)
{
	const char *build = kbuild->target->build_dir;

	err_try(farm_make(dir, build));
	/*
	 * Makefiles create programs and headers in these folders, and must not write to the
	 * original.
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
 * Returns the length of the part of a compiler's output line that tells people nothing: the link to
 * the source, and the name of a temporary assembler file, as in "/tmp/cclb3bci.s:40: ".
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

/* Adds the first lines of text that contain `sign`, at most three. */
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
	/* Lines of compilers say most, then those of assemblers, of modpost, and of make. */
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

const char *kbuild_env(const struct kbuild *kbuild, const char *name)
{
	size_t len = strlen(name);

	vec_foreach(&kbuild->env, it) {
		if (!strncmp(*it, name, len) && (*it)[len] == '=')
			return *it + len + 1;
	}
	return "";
}

void kbuild_close(struct kbuild *kbuild)
{
	free(kbuild->id);
	free(kbuild->cache);
	str_vec_free(&kbuild->env);
	*kbuild = (struct kbuild){};
}
