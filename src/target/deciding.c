/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seals the few files of a release that decide what is built, and checks them before each use. */
#include "target/deciding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/seal.h"
#include "base/strbuf.h"

/* Relative to the release's folder; "%s" is the release. Releases lack some of these. */
static const char *const deciding[] = {
	"build/.config",
	"build/Makefile",
	"build/Module.symvers",
	"build/include/config/auto.conf",
	"build/include/generated/asm-offsets.h",
	"build/include/generated/autoconf.h",
	"build/include/generated/bounds.h",
	"build/include/generated/timeconst.h",
	"build/include/generated/utsrelease.h",
	"lib/modules/%s/modules.builtin",
	"lib/modules/%s/modules.order",
};

/* Returns the path of one of the files, relative to the release's folder; free(). */
static char *deciding_path(size_t i, const char *release)
{
	const char *mark = strstr(deciding[i], "%s");

	return mark ? xasprintf("%.*s%s%s", (int)(mark - deciding[i]), deciding[i], release,
				mark + 2)
		    : xstrdup(deciding[i]);
}

/* A file of a release, and its seal in the folder `seals`. */
struct deciding_file {
	char *path, *seal, *what;
};

static void deciding_file_free(struct deciding_file *file)
{
	free(file->path);
	free(file->seal);
	free(file->what);
}

#define scope_deciding_file __attribute__((cleanup(deciding_file_free))) struct deciding_file

static struct deciding_file deciding_file_of(const char *dir, const char *seals,
					     const char *release, size_t i)
{
	scope_free char *name = deciding_path(i, release);
	struct deciding_file file = {
		.path = xasprintf("%s/%s", dir, name),
		.what = xasprintf("%s/%s", path_base(dir), name),
	};

	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '_';
	file.seal = xasprintf("%s/%s.seal", seals, name);
	return file;
}

/* Writes all seals into a folder of another name first, since other commands may look at them. */
static struct err *deciding_seal(const char *dir, const char *seals, const char *release)
{
	scope_free char *partial = xasprintf("%s.partial.%d", seals, (int)getpid());
	struct err *err = dir_make(partial);

	for (size_t i = 0; !err && i < array_size(deciding); i++) {
		scope_deciding_file file = deciding_file_of(dir, partial, release, i);

		if (file_exists(file.path))
			err = seal_write(file.seal, file.path, file.what);
	}
	if (!err && !rename(partial, seals))
		return NULL;
	err_free(dir_remove(partial));
	return err;
}

struct err *deciding_check(const char *dir, const char *release)
{
	scope_free char *seals = xasprintf("%s/seals", dir);

	if (!dir_exists(seals)) {
		err_free(deciding_seal(dir, seals, release));
		return NULL;
	}
	for (size_t i = 0; i < array_size(deciding); i++) {
		scope_deciding_file file = deciding_file_of(dir, seals, release, i);

		if (file_exists(file.seal) && !seal_matches(file.seal, file.path, file.what))
			return err_new(
				"%s is damaged: remove %s and run 'suture fetch --kernel %s'",
				file.path, dir, release);
	}
	return NULL;
}
