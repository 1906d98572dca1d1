/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looks for constructs that would run commands or read other files while the patches are built,
 * before any of them is evaluated, and lays out the tree in which makefiles are evaluated.
 */
#include "pair/hostile.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "patch/patch.h"
#include "reach/reach.h"

#define RULE "build-hostile"

static const char makefile_remedy[] =
	"change only lists of objects and folders, plain compiler flags, and conditions on CONFIG_ symbols";
static const char source_remedy[] = "include files of the kernel's source by their names";

/* The build gives these names to its own files; a patch's file would be taken for one of them. */
static bool hostile_is_generated_name(const char *path)
{
	static const char *const starts[] = {"include/generated/", "include/config/", ".config",
					     "Module.symvers", "modules.order"};

	for (size_t i = 0; i < array_size(starts); i++)
		if (str_starts(path, starts[i]))
			return true;
	return strstr(path, "/include/generated/") || str_starts(path_base(path), ".");
}

/* Returns whether the file is for other architectures or stands apart, so that this kernel's build
 * never reads it. */
static bool hostile_is_never_read(const struct pairing *pairing, const char *path)
{
	return tree_is_foreign(&pairing->kbuild, path) || tree_is_apart(path);
}

static void hostile_add_lines(struct pairing *pairing, const char *path, const char *remedy,
			      const struct hostile_line_vec *lines)
{
	vec_foreach(lines, it) {
		finding_add(&pairing->result->findings, RULE, path, NULL, remedy, "%s", it->what);
		finding_at(&pairing->result->findings, it->line);
	}
}

static struct err *hostile_read_sides(const struct pairing *pairing, const struct change *change,
				      char **before, char **after)
{
	scope_free char *original = xasprintf("%s/%s", pairing->spec->target->source, change->path);

	if (file_exists(original))
		err_try(file_read(original, before, NULL));
	return change->file ? file_read(change->file, after, NULL) : NULL;
}

static struct err *hostile_judge_change(struct pairing *pairing, const struct change *change)
{
	const char *path = change->path, *remedy = source_remedy;
	scope_free char *before = NULL, *after = NULL;
	scope_hostile_lines lines = {};

	if (change->is_link)
		finding_add(&pairing->result->findings, RULE, path, NULL,
			    "include the file's contents in the patch",
			    "the patch makes it a symbolic link or another special file");
	else if (change->kind == CHANGE_ADDED && hostile_is_generated_name(path) &&
		 !str_starts(path_base(path), ".git"))
		finding_add(&pairing->result->findings, RULE, path, NULL,
			    "leave the file out of the patch",
			    "the file would replace one that the build generates");
	if (hostile_is_never_read(pairing, path))
		return NULL;
	err_try(hostile_read_sides(pairing, change, &before, &after));
	if (makefile_guard_reads(path)) {
		makefile_guard(path, before, after, &lines);
		remedy = makefile_remedy;
	} else if (tree_is_kconfig(path)) {
		source_guard_kconfig(before, after, &lines);
		remedy = "leave the function out";
	} else {
		source_guard(path, before, after, &lines);
	}
	hostile_add_lines(pairing, path, remedy, &lines);
	return NULL;
}

struct err *hostile_find(struct pairing *pairing)
{
	vec_foreach(&pairing->changes.changes, it)
		err_try(hostile_judge_change(pairing, it));
	return NULL;
}

bool hostile_is_program_place(const char *path)
{
	return str_starts(path, "scripts/") || str_starts(path, "tools/");
}

/*
 * Makefiles must see these changes: the makefiles themselves, which sources exist, and headers that
 * they name, since scripts make tables from these.
 */
static struct err *hostile_put_for_query(struct pairing *pairing, const struct change *change)
{
	const char *source = pairing->spec->target->source, *path = change->path;
	scope_free char *empty = xasprintf("%s/empty", pairing->changes.dir);
	scope_str_vec dirs = {};

	if (hostile_is_never_read(pairing, path) || hostile_is_program_place(path))
		return NULL;
	if (tree_is_makefile(path))
		return tree_is_global_makefile(&pairing->kbuild, path)
			       ? NULL
			       : farm_put(pairing->query_tree, source, path, change->file);
	if (str_ends(path, ".c") || str_ends(path, ".S")) {
		if (change->kind == CHANGE_MODIFIED)
			return NULL;
		return farm_put(pairing->query_tree, source, path,
				change->kind == CHANGE_ADDED ? empty : NULL);
	}
	if (!str_ends(path, ".h") || change->kind != CHANGE_MODIFIED)
		return NULL;
	generators_find_dirs(source, path, &dirs);
	return dirs.len ? farm_put(pairing->query_tree, source, path, change->file) : NULL;
}

struct err *hostile_make_query_tree(struct pairing *pairing)
{
	scope_free char *empty = xasprintf("%s/empty", pairing->changes.dir);

	err_try(farm_make(pairing->query_tree, pairing->spec->target->source));
	err_try(file_write_scratch(empty, NULL, 0));
	vec_foreach(&pairing->changes.changes, it)
		err_try(hostile_put_for_query(pairing, it));
	return NULL;
}

struct err *hostile_restore_programs(struct pairing *pairing)
{
	const char *source = pairing->spec->target->source;

	vec_foreach(&pairing->reach->program_files, it) {
		scope_free char *original = xasprintf("%s/%s", source, *it);

		if (file_exists(original))
			err_try(farm_put(pairing->query_tree, source, *it, original));
	}
	return NULL;
}
