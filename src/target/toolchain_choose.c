/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses a target's compiler, and makes the kernel's own build tools run beside it. */
#include "target/toolchain_choose.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "target/cache.h"
#include "target/compiler.h"
#include "target/toolchain.h"
#include "target/tools.h"

/*
 * Returns the package of the kernel's build tools from the cache's stamp, or NULL if it is not
 * known; free().
 */
static char *kbuild_package(const struct target *target)
{
	static const char prefix[] = "linux-kbuild-";
	scope_json stamp = cache_stamp(target->dir);
	json_t *package;
	char *found = NULL;
	size_t i;

	json_array_foreach(json_object_get(stamp, "packages"), i, package)
	{
		const char *name = json_string_value(json_object_get(package, "name"));

		if (name && str_starts(name, prefix) && !found)
			found = xstrdup(name);
	}
	return found;
}

static bool is_marked(const char *mark, const char *name)
{
	scope_free char *text = NULL;
	struct err *err = file_exists(mark) ? file_read(mark, &text, NULL) : NULL;

	err_free(err);
	return text && !strcmp(text, name);
}

/*
 * objtool and the like were built for the C library that the compiler comes with. If the host's
 * library will do, they stay as they are, since others use them without the toolchain. Concurrent
 * builds take turns, as both would rename the same programs.
 */
static struct err *adopt_tools(const struct toolchain *toolchain, const struct target *target)
{
	static const char *const folders[] = {"scripts", "tools", NULL};
	scope_free char *mark = xasprintf("%s/" TOOLCHAIN_MARK, target->build_dir);
	scope_free char *lock_path = xasprintf("%s.lock", mark), *problem = NULL;
	scope_close int lock = -1;

	if (is_marked(mark, toolchain->dir))
		return NULL;
	if (!file_exists(mark)) {
		err_try(tools_problem(target->build_dir, folders, &problem));
		if (!problem)
			return NULL;
	}
	err_try(file_lock(lock_path, &lock));
	if (is_marked(mark, toolchain->dir))
		return NULL;
	err_try(toolchain_adopt(toolchain, target->build_dir, folders));
	return file_write(mark, toolchain->dir, strlen(toolchain->dir));
}

/* Tools that were set up for a toolchain need it, whatever compiler is used now. */
static struct err *toolchain_of_tools(struct target *target)
{
	scope_free char *mark = xasprintf("%s/" TOOLCHAIN_MARK, target->build_dir);

	return file_exists(mark) ? file_read(mark, &target->toolchain, NULL) : NULL;
}

static void toolchain_use(struct toolchain *toolchain, struct target *target)
{
	free(target->compiler);
	target->compiler = take_ptr(toolchain->compiler);
	target->compiler_checked = false;
	target->toolchain = take_ptr(toolchain->dir);
	target->tools = take_ptr(toolchain->bin);
}

/*
 * If the host does not have a packaged kernel's compiler, it comes from the cache or the archive.
 */
static struct err *packaged_toolchain(const struct toolchain_spec *spec, struct progress *progress,
				      struct target *target, struct toolchain *toolchain)
{
	struct err *err = target_check_compiler(target);
	scope_free char *root = NULL;
	bool found;

	target->compiler_checked = !err;
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
		return toolchain_of_tools(target);
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
		return toolchain_of_tools(target);
	err_try(adopt_tools(&toolchain, target));
	toolchain_use(&toolchain, target);
	return NULL;
}
