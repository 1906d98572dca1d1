/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the unpacking of packages. The input is the tar archive of a package; whatever it
 * contains, nothing may appear outside the folder that it is unpacked to.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "target/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Returns whether the only entry of a folder is `name`. */
static bool holds_only(const char *path, const char *name)
{
	DIR *dir = opendir(path);
	bool only = dir;

	for (struct dirent *entry; dir && (entry = readdir(dir));)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			only = only && !strcmp(entry->d_name, name);
	if (dir)
		closedir(dir);
	return only;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct unpack_rule rules[] = {
		{"skip", NULL}, {"in.tar", "tree", .archive = true}, {"usr", "u"}, {"", ""}, {}};
	scope_dir_temp dir = NULL;
	scope_strbuf deb = STRBUF_INIT;
	struct unpack_watch watch = {};

	err_free(dir_temp("/dev/shm", "suture-fuzz", &dir));
	if (!dir)
		return 0;

	scope_free char *outer = xasprintf("%s/outer", dir);
	scope_free char *inner = xasprintf("%s/outer/inner", dir);
	scope_free char *path = xasprintf("%s/x.deb", dir);
	FILE *file;

	err_free(dir_make(inner));
	strbuf_addf(&deb, "!<arch>\n%-16s%-12d%-6d%-6d%-8o%-10zu`\n", "data.tar/", 0, 0, 0, 0100644,
		    size);
	strbuf_add(&deb, data, size);
	file = fopen(path, "w"); /* file_write() would sync */
	fwrite(deb.buf, 1, deb.len, file);
	fclose(file);

	const struct unpack_package packages[] = {{path, rules}, {}};

	err_free(unpack_debs(packages, inner, &watch, NULL));
	remove(path);
	if (!holds_only(outer, "inner") || !holds_only(dir, "outer"))
		abort();
	return 0;
}
