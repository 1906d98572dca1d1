/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds makefiles that name a file from which they generate others, or the program that does so: no
 * unit includes such a file, but a change of it may reach the units of that folder.
 */
#include "reach/generators.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"

/* Returns whether text contains name as a file name, not as part of a longer word. */
static bool makefile_text_names(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text; (at = strstr(at, name)); at += len) {
		bool starts = at == text || strchr("/ \t\n", at[-1]);

		if (starts && (!at[len] || strchr(" \t\n\\):,", at[len])))
			return true;
	}
	return false;
}

bool generators_makefile_names(const char *source, const char *dir, const char *name)
{
	static const char *const files[] = {"Kbuild", "Makefile"};

	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *path = xasprintf("%s/%s/%s", source, dir, files[i]);
		scope_free char *text = NULL;
		struct err *err = file_read(path, &text, NULL);

		err_free(err);
		if (!err && makefile_text_names(text, name))
			return true;
	}
	return false;
}

void generators_find_dirs(const char *source, const char *path, struct str_vec *dirs)
{
	/* The top makefiles name many files that do not matter here. */
	for (scope_free char *dir = path_parent(path); *dir;) {
		if (generators_makefile_names(source, dir, path_base(path))) {
			vec_push(dirs, xasprintf("%s/", dir));
			return;
		}

		char *parent = path_parent(dir);

		free(dir);
		dir = parent;
	}
}

void generators_find_program_dirs(const char *source, const struct kbuild_units *units,
				  const char *program, struct str_vec *dirs)
{
	const char *base = path_base(program);
	scope_free char *name = xstrndup(base, strlen(base) - strlen(".c"));
	scope_free char *last = NULL;

	vec_foreach(&units->units, it) {
		scope_free char *dir = path_parent(it->object);

		/* The objects are sorted by name, so most objects of a folder follow each other. */
		if (last && !strcmp(last, dir))
			continue;
		if (generators_makefile_names(source, dir, name))
			vec_push(dirs, xasprintf("%s/", dir));
		free(last);
		last = take_ptr(dir);
	}
}
