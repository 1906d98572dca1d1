/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists the folders that a build needs: those of the release, and those of a toolchain outside the
 * system's folders.
 */
#include "kbuild/confine.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/vec.h"

static bool is_system_path(const char *path)
{
	static const char *const starts[] = {"/usr/", "/bin/", "/sbin/", "/lib/"};

	for (size_t i = 0; i < array_size(starts); i++)
		if (str_starts(path, starts[i]))
			return true;
	return false;
}

/*
 * Returns whether people keep other things in the folder, such as in a home folder; then only its
 * bin/ is meant.
 */
static bool is_private_folder(const char *path)
{
	const char *home = getenv("HOME");

	return !*path || !strcmp(path, "/") || !strcmp(path, "/root") ||
	       (home && !strcmp(path, home)) ||
	       (str_starts(path, "/home/") && !strchr(path + strlen("/home/"), '/'));
}

/*
 * Allows "/opt/gcc-12" for "/opt/gcc-12/bin/gcc-12", since that folder also contains its libraries.
 */
static void add_program(const char *path, struct str_vec *read)
{
	scope_free char *folder = path_parent(path);
	scope_free char *prefix = path_parent(folder);
	bool whole = str_ends(folder, "/bin") && !is_private_folder(prefix);

	if (!is_system_path(path))
		str_vec_add(read, whole ? prefix : folder);
}

static void add_toolchain(const struct target *target, struct str_vec *read)
{
	const char *const programs[] = {target->compiler, "make", "sh",	 "ld",	"as",  "patch",
					"diff",		  "bash", "env", "awk", "perl"};

	if (target->toolchain)
		str_vec_add(read, target->toolchain);
	for (size_t i = 0; i < array_size(programs); i++) {
		scope_free char *found =
			strchr(programs[i], '/') ? xstrdup(programs[i]) : proc_find(programs[i]);
		char real[PATH_MAX];

		if (!found)
			continue;
		add_program(found, read);
		if (realpath(found, real))
			add_program(real, read);
	}
}

struct err *confine_build(const struct confine_spec *spec, struct sandbox **sandbox)
{
	scope_str_vec read = {}, write = {};

	*sandbox = NULL;
	if (spec->kind == SANDBOX_NONE)
		return NULL;
	str_vec_add(&read, spec->target->source);
	str_vec_add(&read, spec->target->build_dir);
	str_vec_add(&read, spec->target->dir);
	for (size_t i = 0; i < array_size(spec->headers); i++)
		if (spec->headers[i])
			str_vec_add(&read, spec->headers[i]);
	add_toolchain(spec->target, &read);
	str_vec_add(&write, spec->work);
	return sandbox_new(spec->kind, &read, &write, sandbox);
}
