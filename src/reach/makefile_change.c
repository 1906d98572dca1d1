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

/* Returns the end of a line and of the lines that continue it. */
static size_t makefile_logical_line(const char *line)
{
	size_t len = strcspn(line, "\n");

	while (len && line[len] && line[len - 1] == '\\')
		len += 1 + strcspn(line + len + 1, "\n");
	return len;
}

/*
 * Returns the position of the mark of an assignment outside $(...), or of a rule; "" if there is
 * neither.
 */
static const char *makefile_find_mark(const char *line, size_t len)
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

/* The patched makefiles are asked which objects there are and how they are compiled. */
static enum line_kind makefile_line_kind(const char *line, size_t len)
{
	static const char *const words[] = {"ifeq",  "ifneq",	"ifdef",    "ifndef",	 "else",
					    "endif", "include", "-include", "export",	 "override",
					    "#",     "$(call ", "$(error ", "$(warning "};
	static const char *const commands[] = {"cmd_", "filechk_", "rule_", "define "};
	size_t blanks = strspn(line, " \t");
	const char *mark = makefile_find_mark(line, len);

	if (blanks >= len)
		return LINE_OTHER;
	line += blanks;
	for (size_t i = 0; i < array_size(commands); i++)
		if (str_starts(line, commands[i]))
			return LINE_COMMAND;
	for (size_t i = 0; i < array_size(words); i++)
		if (str_starts(line, words[i]))
			return LINE_OTHER;
	/* Returns whether the line is like "a: b" or "a:: b", not "a := b". */
	if (*mark == ':' && mark[strspn(mark, ":")] != '=')
		return LINE_RULE;
	return *mark ? LINE_FOLLOWED : LINE_OTHER;
}

/* Returns a line of a that b lacks and that does more than list objects. */
static bool makefile_has_other_recipes(const char *a, const char *b)
{
	bool in_rule = false;

	for (const char *line = a; *line;) {
		size_t len = makefile_logical_line(line);
		scope_free char *found = xasprintf("\n%.*s\n", (int)len, line);
		enum line_kind kind = makefile_line_kind(line, len);

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

bool makefile_change_alters_recipes(const char *before, const char *after)
{
	scope_free char *a = xasprintf("\n%s\n", before);
	scope_free char *b = xasprintf("\n%s\n", after);

	return makefile_has_other_recipes(a, b) || makefile_has_other_recipes(b, a);
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

/* Returns whether a makefile line has no effect on how anything is compiled. */
static bool makefile_line_is_idle(const char *line, size_t len)
{
	static const char *const names[] = {
		"VERSION =", "PATCHLEVEL =", "SUBLEVEL =", "EXTRAVERSION =", "NAME =", "#"};

	for (size_t i = 0; i < array_size(names); i++)
		if (!strncmp(line, names[i], strlen(names[i])))
			return true;
	return strspn(line, " \t") >= len;
}

/* Returns whether every line of a is in b, or has no effect. */
static bool makefile_lines_are_in(const char *a, const char *b)
{
	for (const char *line = a; *line;) {
		size_t len = strcspn(line, "\n");
		scope_free char *found = xasprintf("\n%.*s\n", (int)len, line);

		if (!makefile_line_is_idle(line, len) && !strstr(b, found) &&
		    (strncmp(b, found + 1, len + 1) != 0))
			return false;
		line += len + (line[len] == '\n');
	}
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
	*alone = makefile_lines_are_in(before, after) && makefile_lines_are_in(after, before);
	return NULL;
}
