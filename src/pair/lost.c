/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are part of this kernel, and of which no unit's object shows it. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "pair/build.h"
#include "reach/reach.h"

#define REAL_MODE "arch/x86/realmode/rm"
#define BOOT "arch/x86/boot/"

bool build_is_apart(const char *path)
{
	return str_starts(path, "Documentation/") || str_starts(path, "tools/") ||
	       str_starts(path, "LICENSES/");
}

bool build_is_foreign(const struct build *build, const char *path)
{
	scope_free char *arch = xasprintf("arch/%s/", kbuild_env(&build->kbuild, "SRCARCH"));

	return str_starts(path, "arch/") && !str_starts(path, arch);
}

/* ---- real mode ---- */

/* The sources of the folder; those for 32 bits have no part in a kernel for 64. */
static void list_real_mode(const char *source, struct str_vec *files)
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

static void list_included(const char *source, const char *path, struct str_vec *files)
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

/* What processors run that start, and the machine that wakes; much of it is shared with the boot
 * code. */
static bool is_real_mode(const char *source, const char *path)
{
	scope_str_vec files = {};

	if (str_starts(path, REAL_MODE "/") && !str_ends(path, "_32.S"))
		return true;
	if (!str_starts(path, BOOT))
		return false;
	list_real_mode(source, &files);
	for (size_t i = 0; i < files.len; i++) {
		if (!strcmp(files.data[i], path))
			return true;
		list_included(source, files.data[i], &files);
	}
	return false;
}

/* ---- what the build reads ---- */

/* The layout of the kernel, of the vDSO, of modules. */
static bool is_linker_script(const char *path)
{
	return (str_ends(path, ".lds.S") || str_ends(path, ".lds.h")) && !str_starts(path, BOOT) &&
	       !str_starts(path, "arch/x86/um/");
}

/*
 * Compiled to assembler only, of which a header is made: kernel/bounds.c, and asm-offsets.c with
 * the file for 64 bits that it includes.
 */
static bool makes_offsets(const char *source, const char *path)
{
	const char *base = path_base(path), *bits = strstr(base, "_64.c");
	scope_free char *made = NULL;
	size_t dir = base - path;

	if (!str_ends(path, ".c") || dir < strlen("kernel/") ||
	    !str_starts(base - strlen("kernel/"), "kernel/"))
		return false;
	made = xasprintf("%.*s.s", (int)(bits ? bits - base : (long)strlen(base) - 2), base);
	return build_names_file(source, "", made);
}

static bool has_kernel_units(const struct build *build, const char *dir)
{
	size_t len = strlen(dir);

	vec_foreach(&build->units.units, it)
		if (!strncmp(it->object, dir, len) && kbuild_unit_is_kernel(it))
			return true;
	return false;
}

static bool is_program_of_kernel(const struct build *build, const char *path)
{
	scope_free char *object = kbuild_object_of(path);
	const struct kbuild_unit *unit = kbuild_unit_find(&build->units, object);
	scope_free char *parent = path_parent(path);
	scope_free char *dir = xasprintf("%s/", parent);
	scope_str_vec dirs = {};

	if (!str_ends(path, ".c"))
		return false;
	if (!strcmp(path, "scripts/asn1_compiler.c"))
		return true;
	if (!str_starts(path, "scripts/"))
		return unit && unit->kind == KBUILD_UNIT_HOST && has_kernel_units(build, dir) &&
		       strcmp(dir, "usr/") != 0; /* the first file system, long over */
	build_program_dirs(build->spec->target->source, &build->units, path, &dirs);
	return dirs.len;
}

/* A script or a table that a makefile names. */
static bool is_named(const struct build *build, const char *path)
{
	scope_str_vec dirs = {};

	if (str_ends(path, ".c") || str_ends(path, ".S") || str_ends(path, ".h") ||
	    str_starts(path, "scripts/") || str_starts(path, "samples/"))
		return false;
	build_generator_dirs(build->spec->target->source, path, &dirs);
	return dirs.len;
}

const char *build_why_lost(const struct build *build, const char *path)
{
	const char *source = build->spec->target->source;

	if (build_is_foreign(build, path) || build_is_apart(path))
		return NULL;
	if (is_real_mode(source, path))
		return "real-mode code, which was set up at boot and stays as it is";
	if (is_linker_script(path))
		return "says how code that is there already was laid out, which stays as it is";
	if (makes_offsets(source, path) || is_program_of_kernel(build, path) ||
	    is_named(build, path))
		return "other files are generated from it, which is not followed";
	return NULL;
}

/* ---- makefiles ---- */

/* The end of a line with those that continue it. */
static size_t logical_line(const char *line)
{
	size_t len = strcspn(line, "\n");

	while (len && line[len] && line[len - 1] == '\\')
		len += 1 + strcspn(line + len + 1, "\n");
	return len;
}

/* Where the mark of an assignment stands outside of $(...), or that of a rule; "" for neither. */
static const char *find_mark(const char *line, size_t len)
{
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		depth += (line[i] == '(' || line[i] == '{') - (line[i] == ')' || line[i] == '}');
		if (depth <= 0 && strchr(":=", line[i]))
			return line + i;
	}
	return "";
}

enum line_kind { LINE_OTHER, LINE_FOLLOWED, LINE_RULE, LINE_COMMAND };

/* Which objects there are and how they are compiled is asked of the patched makefiles. */
static enum line_kind kind_of_line(const char *line, size_t len)
{
	static const char *const words[] = {"ifeq",  "ifneq",	"ifdef",    "ifndef",	 "else",
					    "endif", "include", "-include", "export",	 "override",
					    "#",     "$(call ", "$(error ", "$(warning "};
	static const char *const commands[] = {"cmd_", "filechk_", "rule_", "define "};
	size_t blanks = strspn(line, " \t");
	const char *mark = find_mark(line, len);

	if (blanks >= len)
		return LINE_OTHER;
	line += blanks;
	for (size_t i = 0; i < array_size(commands); i++)
		if (str_starts(line, commands[i]))
			return LINE_COMMAND;
	for (size_t i = 0; i < array_size(words); i++)
		if (str_starts(line, words[i]))
			return LINE_OTHER;
	/* "a: b" and "a:: b"; not "a := b". */
	if (*mark == ':' && mark[strspn(mark, ":")] != '=')
		return LINE_RULE;
	return *mark ? LINE_FOLLOWED : LINE_OTHER;
}

/* A line of a that b has not, and that is more than which objects there are. */
static bool has_other_recipes(const char *a, const char *b)
{
	bool in_rule = false;

	for (const char *line = a; *line;) {
		size_t len = logical_line(line);
		scope_free char *found = xasprintf("\n%.*s\n", (int)len, line);
		enum line_kind kind = kind_of_line(line, len);

		if (*line == '\t' && in_rule && strspn(line, " \t") < len)
			kind = LINE_COMMAND;
		else if (kind != LINE_OTHER)
			in_rule = kind == LINE_RULE;
		if (kind >= LINE_RULE && !strstr(b, found))
			return true;
		line += len + (line[len] == '\n');
	}
	return false;
}

bool build_recipes_differ(const char *before, const char *after)
{
	scope_free char *a = xasprintf("\n%s\n", before);
	scope_free char *b = xasprintf("\n%s\n", after);

	return has_other_recipes(a, b) || has_other_recipes(b, a);
}

/* How the vDSO and real-mode code are compiled is not asked. */
static bool is_of_other_image(const struct build *build, const char *dir)
{
	size_t len = strlen(dir);

	if (!strcmp(dir, REAL_MODE "/"))
		return true;
	vec_foreach(&build->units.units, it)
		if (!strncmp(it->object, dir, len) && !strchr(it->object + len, '/') &&
		    strstr(dir, "/vdso/") && it->kind == KBUILD_UNIT_OTHER)
			return true;
	return false;
}

struct err *build_makefile_lost(const struct build *build, const struct change *change,
				const char **why)
{
	scope_free char *path = xasprintf("%s/%s", build->spec->target->source, change->path);
	scope_free char *parent = path_parent(change->path);
	scope_free char *dir = xasprintf("%s%s", parent, *parent ? "/" : "");
	scope_free char *before = NULL;
	scope_free char *after = NULL;

	*why = NULL;
	if (change->kind != CHANGE_ADDED)
		err_try(file_read(path, &before, NULL));
	if (change->file)
		err_try(file_read(change->file, &after, NULL));
	if (is_of_other_image(build, dir))
		*why = "says how another image is built: the vDSO or real-mode code";
	else if (has_kernel_units(build, dir) &&
		 build_recipes_differ(before ? before : "", after ? after : ""))
		*why = "says how files are made, which is not followed for what is no object";
	return NULL;
}

/* A line of a makefile that has no bearing on how anything is compiled. */
static bool is_idle_line(const char *line, size_t len)
{
	static const char *const names[] = {
		"VERSION =", "PATCHLEVEL =", "SUBLEVEL =", "EXTRAVERSION =", "NAME =", "#"};

	for (size_t i = 0; i < array_size(names); i++)
		if (!strncmp(line, names[i], strlen(names[i])))
			return true;
	return strspn(line, " \t") >= len;
}

/* Every line of a is one of b, or idle. */
static bool lines_are_in(const char *a, const char *b)
{
	for (const char *line = a; *line;) {
		size_t len = strcspn(line, "\n");
		scope_free char *found = xasprintf("\n%.*s\n", (int)len, line);

		if (!is_idle_line(line, len) && !strstr(b, found) &&
		    (strncmp(b, found + 1, len + 1) != 0))
			return false;
		line += len + (line[len] == '\n');
	}
	return true;
}

struct err *build_only_version_changes(const struct build *build, const struct change *change,
				       bool *alone)
{
	scope_free char *path = xasprintf("%s/%s", build->spec->target->source, change->path);
	scope_free char *before = NULL;
	scope_free char *after = NULL;

	*alone = false;
	if (change->kind != CHANGE_MODIFIED)
		return NULL;
	err_try(file_read(path, &before, NULL));
	err_try(file_read(change->file, &after, NULL));
	*alone = lines_are_in(before, after) && lines_are_in(after, before);
	return NULL;
}

struct err *build_check_removed(const struct build *build, const struct change *change)
{
	const struct kbuild_units *units =
		build->makefiles_change ? &build->post_units : &build->units;
	scope_free char *object = kbuild_object_of(change->path);
	static const char *const suffixes[] = {".c", ".S"};

	if (change->kind != CHANGE_REMOVED ||
	    !kbuild_unit_is_kernel(kbuild_unit_find(units, object)))
		return NULL;
	for (size_t i = 0; i < array_size(suffixes); i++) {
		scope_free char *path =
			xasprintf("%s/%.*s%s", build->places[PLACE_POST].tree,
				  (int)(strlen(object) - strlen(".o")), object, suffixes[i]);

		if (file_exists(path))
			return NULL;
	}
	return err_new(
		"%s: the patch removes or renames it, but its makefile still builds %s; let the patch change the makefile, too",
		change->path, object);
}
