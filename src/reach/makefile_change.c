/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds what a change of a makefile does besides adding, removing and compiling objects. The
 * patched makefiles are asked about those; all other effects are not tracked.
 */
#include "reach/makefile_change.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "patch/makefile_lines.h"

/* Returns the mark of an assignment outside $(...), or of a rule; "" if the line has neither. */
static const char *makefile_find_mark(const char *line)
{
	int depth = 0;

	for (; *line; line++) {
		depth += (*line == '(' || *line == '{') - (*line == ')' || *line == '}');
		if (depth <= 0 && strchr(":=", *line))
			return line;
	}
	return "";
}

/*
 * Returns whether a line is a rule, or says what commands do.  The patched makefiles are asked
 * about all other lines: which objects there are, and how they are compiled.
 */
static bool makefile_line_is_recipe(const struct makefile_line *line)
{
	static const char *const words[] = {
		"ifeq",	    "ifneq",  "ifdef",	  "ifndef",  "else",	 "endif",     "include",
		"-include", "export", "override", "$(call ", "$(error ", "$(warning "};
	static const char *const commands[] = {"cmd_", "filechk_", "rule_", "define "};
	const char *mark = makefile_find_mark(line->text);

	if (line->raw)
		return true;
	for (size_t i = 0; i < array_size(commands); i++)
		if (str_starts(line->text, commands[i]))
			return true;
	for (size_t i = 0; i < array_size(words); i++)
		if (str_starts(line->text, words[i]))
			return false;
	/* "a: b" and "a:: b" are rules, "a := b" is none. */
	return *mark == ':' && mark[strspn(mark, ":")] != '=';
}

/* Returns whether a line that only one of two makefiles has is of a kind. */
static bool makefile_change_has(const char *before, const char *after,
				bool (*is)(const struct makefile_line *line))
{
	scope_makefile_lines old = {};
	scope_makefile_lines new = {};

	makefile_lines_read(before, &old);
	makefile_lines_read(after, &new);

	scope_free bool *removed = xcalloc(old.len + 1, sizeof(*removed));
	scope_free bool *added = xcalloc(new.len + 1, sizeof(*added));

	makefile_lines_compare(&old, &new, removed, added);
	for (size_t i = 0; i < old.len; i++)
		if (removed[i] && is(&old.data[i]))
			return true;
	for (size_t i = 0; i < new.len; i++)
		if (added[i] && is(&new.data[i]))
			return true;
	return false;
}

bool makefile_change_alters_recipes(const char *before, const char *after)
{
	return makefile_change_has(before, after, makefile_line_is_recipe);
}

/* Makefiles are not asked how the vDSO and real-mode code are compiled. */
static bool makefile_is_of_other_image(const struct kbuild_units *units, const char *dir)
{
	size_t len = strlen(dir);

	if (!strcmp(dir, "arch/x86/realmode/rm/"))
		return true;
	vec_foreach(&units->units, it)
		if (!strncmp(it->object, dir, len) && !strchr(it->object + len, '/') &&
		    strstr(dir, "/vdso/") && it->kind == KBUILD_UNIT_OTHER)
			return true;
	return false;
}

struct err *makefile_change_why_lost(const char *source, const struct kbuild_units *units,
				     const struct change *change, const char **why)
{
	scope_free char *path = xasprintf("%s/%s", source, change->path);
	scope_free char *parent = path_parent(change->path);
	scope_free char *dir = xasprintf("%s%s", parent, *parent ? "/" : "");
	scope_free char *before = NULL;
	scope_free char *after = NULL;

	*why = NULL;
	if (change->kind != CHANGE_ADDED)
		err_try(file_read(path, &before, NULL));
	if (change->file)
		err_try(file_read(change->file, &after, NULL));
	if (makefile_is_of_other_image(units, dir))
		*why = "controls how the vDSO or real-mode code is built, which a live patch cannot change";
	else if (kbuild_units_below(units, dir) &&
		 makefile_change_alters_recipes(before ? before : "", after ? after : ""))
		*why = "changes how generated files are built; Suture tracks only objects";
	return NULL;
}

/* Returns whether a line is more than a part of the version, which no makefile passes on. */
static bool makefile_line_has_effect(const struct makefile_line *line)
{
	static const char *const names[] = {
		"VERSION =", "PATCHLEVEL =", "SUBLEVEL =", "EXTRAVERSION =", "NAME ="};

	for (size_t i = 0; i < array_size(names); i++)
		if (!line->raw && str_starts(line->text, names[i]))
			return false;
	return true;
}

struct err *makefile_change_only_version(const char *source, const struct change *change,
					 bool *alone)
{
	scope_free char *path = xasprintf("%s/%s", source, change->path);
	scope_free char *before = NULL;
	scope_free char *after = NULL;

	*alone = false;
	if (change->kind != CHANGE_MODIFIED)
		return NULL;
	err_try(file_read(path, &before, NULL));
	err_try(file_read(change->file, &after, NULL));
	*alone = !makefile_change_has(before, after, makefile_line_has_effect);
	return NULL;
}
