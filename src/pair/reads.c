/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks which files a patched unit was compiled from. A check of the source cannot see names that
 * macros of the compiler or assembler put together, and the sandbox allows reading system files;
 * but both programs list all files that they read.
 */
#include "pair/reads.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "kbuild/kbuild.h"

static bool reads_is_below(const char *path, const char *folder)
{
	char real[PATH_MAX];
	size_t len;

	if (!folder || !realpath(folder, real))
		return false;
	len = strlen(real);
	return !strncmp(path, real, len) && (path[len] == '/' || !path[len]);
}

/*
 * A header such as stdarg.h is below a folder that the unit's unpatched command names: before 5.16
 * all units have -isystem for the compiler's own headers, and none of later kernels has.
 */
static bool reads_is_compiler_header(const char *compile, const char *real)
{
	static const char option[] = "-isystem ";

	for (const char *at = compile; (at = strstr(at, option));) {
		at += strlen(option);
		scope_free char *folder = xstrndup(at, strcspn(at, " "));

		if (reads_is_below(real, folder))
			return true;
	}
	return false;
}

static bool reads_may(const struct pairing *pairing, const struct paired_unit *unit,
		      const char *real)
{
	const struct target *target = pairing->spec->target;
	const char *const folders[] = {target->source, target->build_dir, target->dir,
				       pairing->result->work, pairing->spec->include_dir};

	for (size_t i = 0; i < array_size(folders); i++)
		if (reads_is_below(real, folders[i]))
			return true;
	return reads_is_compiler_header(pairing_command(unit, PRE)->compile, real);
}

/*
 * A name below the build folder that climbs nowhere: it may lead out by links, but these are the
 * target's own, since a patch that makes any is refused.
 */
static bool reads_climbs_nowhere(const char *name)
{
	for (const char *part = name; *part;) {
		size_t len = strcspn(part, "/");

		if (!len || (len == 2 && !memcmp(part, "..", 2)))
			return false;
		part += len + (part[len] == '/');
	}
	return true;
}

static void reads_judge(struct pairing *pairing, struct paired_unit *unit, const char *dir,
			const struct str_vec *files)
{
	vec_foreach(files, it) {
		scope_free char *path = **it == '/' ? xstrdup(*it) : xasprintf("%s/%s", dir, *it);
		char real[PATH_MAX];

		if (reads_climbs_nowhere(*it) || !realpath(path, real) ||
		    reads_may(pairing, unit, real))
			continue;
		unit->reads_outside = true;
		finding_add(&pairing->result->findings, "build-hostile", unit->unit->source, NULL,
			    "include files of the kernel's source by their names",
			    "compiling it reads \"%s\", which is outside the source tree", real);
	}
}

struct err *reads_check(struct pairing *pairing, struct paired_unit *unit, const char *dir,
			const struct str_vec *deps)
{
	scope_free char *path = unit->reads ? xasprintf("%s/%s", dir, unit->reads) : NULL;
	scope_free char *text = NULL;
	scope_str_vec assembled = {};

	reads_judge(pairing, unit, dir, deps);
	if (!path)
		return NULL;
	err_try(file_read(path, &text, NULL));
	kbuild_deps_parse(text, &assembled);
	reads_judge(pairing, unit, dir, &assembled);
	return NULL;
}
