/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are part of this kernel without being the source of a unit: real-mode code, linker
 * scripts, and files from which others are generated. No object shows a change of these.
 */
#include "reach/outside_units.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "reach/generators.h"
#include "reach/include_scan.h"
#include "reach/tree_files.h"

#define REAL_MODE "arch/x86/realmode/rm"
#define BOOT "arch/x86/boot/"

/* ---- real mode ---- */

/*
 * Lists the sources of the folder, without those for 32 bits, which are not part of a 64-bit
 * kernel.
 */
static void real_mode_list(const char *source, struct str_vec *files)
{
	scope_free char *path = xasprintf("%s/%s", source, REAL_MODE);
	DIR *dir = opendir(path);

	for (struct dirent *entry; dir && (entry = readdir(dir));)
		if ((str_ends(entry->d_name, ".c") || str_ends(entry->d_name, ".S")) &&
		    !str_ends(entry->d_name, "_32.S"))
			vec_push(files, path_join(REAL_MODE, entry->d_name));
	if (dir)
		closedir(dir);
}

static void real_mode_list_included(const char *source, const char *path, struct str_vec *files)
{
	scope_free char *full = xasprintf("%s/%s", source, path);
	scope_free char *text = NULL;
	struct include_line_vec includes = {};
	size_t size;
	struct err *err = file_read(full, &text, &size);

	err_free(err);
	if (err)
		return;
	include_lines_scan(text, size, &includes);
	vec_foreach(&includes, it) {
		scope_free char *folder = path_parent(path);
		scope_free char *beside = path_join(folder, it->name);
		scope_free char *in_tree = xasprintf("%s/%s", source, beside);
		scope_free char *in_boot = xasprintf(BOOT "%s", it->name);

		/* The folder's makefile adds -I for that of the boot code. */
		if (!it->quoted)
			continue;
		str_vec_add(files, file_exists(in_tree) ? beside : in_boot);
	}
	include_line_vec_free(&includes);
}

/*
 * Processors that start, and a machine that wakes up, run this code; much of it is shared with the
 * boot code.
 */
static bool real_mode_has(const char *source, const char *path)
{
	scope_str_vec files = {};

	if (str_starts(path, REAL_MODE "/") && !str_ends(path, "_32.S"))
		return true;
	if (!str_starts(path, BOOT))
		return false;
	real_mode_list(source, &files);
	for (size_t i = 0; i < files.len; i++) {
		if (!strcmp(files.data[i], path))
			return true;
		real_mode_list_included(source, files.data[i], &files);
	}
	return false;
}

/* ---- what the build reads ---- */

/* These files control the layout of the kernel, of the vDSO, and of modules. */
static bool outside_is_linker_script(const char *path)
{
	return (str_ends(path, ".lds.S") || str_ends(path, ".lds.h")) && !str_starts(path, BOOT) &&
	       !str_starts(path, "arch/x86/um/");
}

/*
 * These files are compiled to assembler only, from which a header is made: kernel/bounds.c, and
 * asm-offsets.c with the file for 64 bits that it includes.
 */
static bool outside_makes_offsets(const char *source, const char *path)
{
	const char *base = path_base(path), *bits = strstr(base, "_64.c");
	scope_free char *made = NULL;
	size_t dir = base - path;

	if (!str_ends(path, ".c") || dir < strlen("kernel/") ||
	    !str_starts(base - strlen("kernel/"), "kernel/"))
		return false;
	made = xasprintf("%.*s.s", (int)(bits ? bits - base : (long)strlen(base) - 2), base);
	return generators_makefile_names(source, "", made);
}

static bool outside_is_program(const char *source, const struct kbuild_units *units,
			       const char *path)
{
	scope_free char *object = kbuild_object_of(path);
	const struct kbuild_unit *unit = kbuild_unit_find(units, object);
	scope_free char *parent = path_parent(path);
	scope_free char *dir = xasprintf("%s/", parent);
	scope_str_vec dirs = {};

	if (!str_ends(path, ".c"))
		return false;
	if (!strcmp(path, "scripts/asn1_compiler.c"))
		return true;
	if (!str_starts(path, "scripts/"))
		return unit && unit->kind == KBUILD_UNIT_HOST && kbuild_units_below(units, dir) &&
		       strcmp(dir, "usr/") !=
			       0; /* usr/ makes the first file system, which is not used any more */
	generators_find_program_dirs(source, units, path, &dirs);
	return dirs.len;
}

/* Returns whether a makefile names it as a script or a table. */
static bool outside_is_named(const char *source, const char *path)
{
	scope_str_vec dirs = {};

	if (str_ends(path, ".c") || str_ends(path, ".S") || str_ends(path, ".h") ||
	    str_starts(path, "scripts/") || str_starts(path, "samples/"))
		return false;
	generators_find_dirs(source, path, &dirs);
	return dirs.len;
}

const char *outside_units_why(const struct kbuild *kbuild, const struct kbuild_units *units,
			      const char *path)
{
	const char *source = kbuild->target->source;

	if (tree_is_foreign(kbuild, path) || tree_is_apart(path))
		return NULL;
	if (real_mode_has(source, path))
		return "real-mode code is set up at boot; a live patch cannot change it";
	if (outside_is_linker_script(path))
		return "controls the layout of code already in memory; that cannot change";
	if (outside_makes_offsets(source, path) || outside_is_program(source, units, path) ||
	    outside_is_named(source, path))
		return "other files are generated from this one; Suture tracks only objects";
	return NULL;
}
