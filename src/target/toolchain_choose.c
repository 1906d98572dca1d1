/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses a target's compiler, and makes the kernel's own build tools run beside it. */
#include "target/toolchain_choose.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "target/cache.h"
#include "target/compiler.h"
#include "target/toolchain.h"

/* In the build folder, once its tools run with a toolchain: holds the name of that. */
#define MARK ".suture-toolchain"

#define TOOL_TIMEOUT_MS 10000

/* The package of the kernel's build tools, of which the cache's stamp tells; NULL: not known;
 * free(). */
static char *kbuild_package(const struct target *target)
{
	static const char prefix[] = "linux-kbuild-";
	json_t *stamp = cache_stamp(target->dir), *package;
	char *found = NULL;
	size_t i;

	json_array_foreach(json_object_get(stamp, "packages"), i, package)
	{
		const char *name = json_string_value(json_object_get(package, "name"));

		if (name && str_starts(name, prefix) && !found)
			found = xstrdup(name);
	}
	json_decref(stamp);
	return found;
}

static bool is_marked(const char *mark, const char *name)
{
	scope_free char *text = NULL;
	struct err *err = file_exists(mark) ? file_read(mark, &text, NULL) : NULL;

	err_free(err);
	return text && !strcmp(text, name);
}

/* Called without arguments objtool fails, in its own words, unless its libraries are too old. */
static struct err *tools_run_here(const struct target *target, bool *here)
{
	scope_free char *path = xasprintf("%s/tools/objtool/objtool", target->build_dir);
	const char *const argv[] = {path, NULL};
	scope_strbuf output = STRBUF_INIT;
	int status;

	err_try(proc_run(&(struct proc_spec){.argv = argv, .timeout_ms = TOOL_TIMEOUT_MS}, &status,
			 &output));
	*here = !strstr(output.buf, "error while loading shared libraries") &&
		!strstr(output.buf, "' not found (required by ");
	return NULL;
}

/*
 * objtool and its like were built for the C library that the compiler comes with.  Where the host's
 * will do they stay as they are, since others use them without the toolchain.
 */
static struct err *adopt_tools(const struct toolchain *toolchain, const struct target *target)
{
	static const char *const folders[] = {"scripts", "tools", NULL};
	scope_free char *mark = xasprintf("%s/" MARK, target->build_dir);

	bool here;

	if (is_marked(mark, toolchain->dir))
		return NULL;
	err_try(tools_run_here(target, &here));
	if (here)
		return NULL;
	err_try(toolchain_adopt(toolchain, target->build_dir, folders));
	return file_write(mark, toolchain->dir, strlen(toolchain->dir));
}

static void toolchain_use(struct toolchain *toolchain, struct target *target)
{
	free(target->compiler);
	target->compiler = take_ptr(toolchain->compiler);
	target->toolchain = take_ptr(toolchain->dir);
	target->tools = take_ptr(toolchain->bin);
}

/* Where the host has another compiler than a packaged kernel: from the cache, or the archive. */
static struct err *packaged_toolchain(const struct toolchain_spec *spec, struct progress *progress,
				      const struct target *target, struct toolchain *toolchain)
{
	struct err *err = target_check_compiler(target);
	scope_free char *root = NULL;
	bool found;

	if (!err || err_code(err) == ERR_INTERRUPTED)
		return err;
	err_free(err);
	err_try(cache_root(&root));
	err_try(toolchain_find(root, spec, toolchain, &found));
	if (found)
		return NULL;

	scope_lookup lookup = {.root = root, .progress = progress};

	return toolchain_open(&lookup, spec, toolchain);
}

struct err *toolchain_choose(const struct target_spec *spec, struct progress *progress,
			     struct target *target)
{
	scope_toolchain toolchain = {};
	scope_free char *kbuild = kbuild_package(target);
	const struct toolchain_spec wanted = {target->compiler, target->compiler_text, kbuild};

	if (spec->toolchain && !strcmp(spec->toolchain, "host"))
		return NULL;
	if (spec->toolchain) {
		err_try(toolchain_given(spec->toolchain, &wanted, &toolchain));
	} else if (kbuild) {
		struct err *err = packaged_toolchain(&wanted, progress, target, &toolchain);

		if (err && err_code(err) == ERR_INTERRUPTED)
			return err;
		if (err)
			progress_note(progress, "%s", err_message(err));
		err_free(err);
	}
	if (!toolchain.dir)
		return NULL;
	err_try(adopt_tools(&toolchain, target));
	toolchain_use(&toolchain, target);
	return NULL;
}
