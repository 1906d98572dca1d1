/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that no unit includes and yet matter: what makefiles generate others from. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "kbuild/build.h"
#include "kbuild/path.h"

/* Whether name is in text as a file's name: not as a part of a longer word. */
static bool has_file_name(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text; (at = strstr(at, name)); at += len) {
		bool starts = at == text || strchr("/ \t\n", at[-1]);

		if (starts && (!at[len] || strchr(" \t\n\\):,", at[len])))
			return true;
	}
	return false;
}

static bool dir_mentions(const char *source, const char *dir, const char *name)
{
	static const char *const files[] = {"Kbuild", "Makefile"};

	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *path = xasprintf("%s/%s/%s", source, dir, files[i]);
		scope_free char *text = NULL;
		struct err *err = file_read(path, &text, NULL);

		err_free(err);
		if (!err && has_file_name(text, name))
			return true;
	}
	return false;
}

char *build_generator_dir(const char *source, const char *path)
{
	/* A program of the build is named without its suffix: hostprogs := gen_crc32table */
	scope_free char *name =
		xstrndup(path_base(path), strlen(path_base(path)) - 2 * str_ends(path, ".c"));

	/* The top makefiles name much that does not matter here. */
	for (scope_free char *dir = path_parent(path); *dir;) {
		if (dir_mentions(source, dir, name))
			return take_ptr(dir);

		char *parent = path_parent(dir);

		free(dir);
		dir = parent;
	}
	return NULL;
}
