/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The allow list for changes of makefiles.
 *
 * A changed line is either a condition on configuration symbols, or sets one of the variables of
 * kbuild that list objects, folders and flags, to words of a fixed form. All other lines are
 * refused: no allowed word can be a command, name a file outside the tree, or contain a character
 * that make or a shell treats specially.
 */
#include "patch/makefile_guard.h"

#include <string.h>

#include "base/path.h"
#include "base/strbuf.h"
#include "patch/makefile_lines.h"
#include "patch/makefile_words.h"

#define NAME_CHARS MAKEFILE_NAME_CHARS

/* One changed line of a file, which is judged. */
struct guard {
	unsigned depth; /* number of folders between the tree and the file */
	const struct makefile_line_vec *sides[2];
};

void hostile_lines_free(struct hostile_line_vec *lines)
{
	vec_foreach(lines, it)
		free(it->what);
	vec_free(lines);
}

bool makefile_guard_reads(const char *path)
{
	const char *base = path_base(path);

	return str_starts(base, "Makefile") || str_starts(base, "Kbuild") ||
	       str_starts(base, "GNUmakefile") || str_starts(base, "makefile") ||
	       str_ends(base, ".mk") || str_ends(base, ".mak") || str_ends(base, ".include");
}

enum value_kind { VALUE_OBJECTS, VALUE_FOLDERS, VALUE_FLAGS, VALUE_SWITCH, VALUE_VERSION };

/*
 * Variables of kbuild. A "*" at the end stands for "y", "m" or a condition, elsewhere for an
 * object.
 */
static const struct {
	const char *start, *end;
	enum value_kind kind;
} variables[] = {
	{"obj-", "*", VALUE_OBJECTS},
	{"lib-", "*", VALUE_OBJECTS},
	{"subdir-", "*", VALUE_FOLDERS},
	{"ccflags-", "*", VALUE_FLAGS},
	{"asflags-", "*", VALUE_FLAGS},
	{"subdir-ccflags-", "*", VALUE_FLAGS},
	{"subdir-asflags-", "*", VALUE_FLAGS},
	{"CFLAGS_", ".o", VALUE_FLAGS},
	{"AFLAGS_", ".o", VALUE_FLAGS},
	{"KASAN_SANITIZE", NULL, VALUE_SWITCH},
	{"KCSAN_SANITIZE", NULL, VALUE_SWITCH},
	{"KCSAN_INSTRUMENT_BARRIERS", NULL, VALUE_SWITCH},
	{"KMSAN_SANITIZE", NULL, VALUE_SWITCH},
	{"KMSAN_ENABLE_CHECKS", NULL, VALUE_SWITCH},
	{"UBSAN_SANITIZE", NULL, VALUE_SWITCH},
	{"KCOV_INSTRUMENT", NULL, VALUE_SWITCH},
	{"GCOV_PROFILE", NULL, VALUE_SWITCH},
	{"OBJECT_FILES_NON_STANDARD", NULL, VALUE_SWITCH},
	{"VERSION", "", VALUE_VERSION},
	{"PATCHLEVEL", "", VALUE_VERSION},
	{"SUBLEVEL", "", VALUE_VERSION},
	{"EXTRAVERSION", "", VALUE_VERSION},
	{"NAME", "", VALUE_VERSION},
};

/* Accepts "y", "m", and references to configuration symbols. */
static bool is_condition(const char *text)
{
	if (!strcmp(text, "y") || !strcmp(text, "m"))
		return true;
	while (*text == '$') {
		size_t len = makefile_reference_length(text, false);

		if (!len)
			return false;
		text += len;
	}
	return !*text;
}

/* Returns whether a line of the file, before or after the change, contains the word. */
static bool guard_has_word(const struct guard *guard, const char *word, const char *start)
{
	size_t len = strlen(word);

	for (size_t side = 0; side < array_size(guard->sides); side++) {
		for (size_t i = 0; guard->sides[side] && i < guard->sides[side]->len; i++) {
			const char *text = guard->sides[side]->data[i].text;

			if (!str_starts(text, start))
				continue;
			for (const char *at = text; (at = strstr(at, word)); at += len)
				if ((at == text || strchr(" \t=:", at[-1])) &&
				    (!at[len] || strchr(" \t", at[len])))
					return true;
		}
	}
	return false;
}

/*
 * Returns whether this is a list of kbuild that is not of a module: programs, and files that are
 * made in other ways.
 */
static bool is_special_list(const char *part)
{
	static const char *const starts[] = {"host", "user",	"always", "extra", "target",
					     "core", "drivers", "libs",	  "head",  "ldflags",
					     "dtb",  "header",	"clean",  "cmd",   "quiet"};

	for (size_t i = 0; i < array_size(starts); i++)
		if (str_starts(part, starts[i]))
			return true;
	return str_ends(part, "flags");
}

/* Accepts "ext4-y", "ext4-objs" and "ext4-$(CONFIG_X)" if ext4.o is an object and not a program. */
static bool is_composite(const struct guard *guard, const char *name)
{
	const char *dollar = strchrnul(name, '$');
	const char *dash = memrchr(name, '-', dollar - name);

	if (!dash || dash == name || *name == '-' ||
	    !(is_condition(dash + 1) || !strcmp(dash, "-objs")))
		return false;

	scope_free char *part = xstrndup(name, dash - name);
	scope_free char *object = xasprintf("%s.o", part);

	return makefile_is_made_of(part, strlen(part), NAME_CHARS "-+") && !is_special_list(part) &&
	       guard_has_word(guard, object, "") && !guard_has_word(guard, part, "host") &&
	       !guard_has_word(guard, part, "user");
}

/* Splits an assignment into its name and value; returns false if it is not one. */
static bool split_assignment(const char *text, char **name, const char **value)
{
	static const char *const signs[] = {"::=", ":=", "+=", "?=", "="};
	int depth = 0;

	for (const char *at = text; *at; at++) {
		depth += (*at == '(') - (*at == ')');
		for (size_t i = 0; !depth && i < array_size(signs); i++) {
			size_t len = at - text;

			if (!str_starts(at, signs[i]))
				continue;
			while (len && strchr(" \t", text[len - 1]))
				len--;
			*name = xstrndup(text, len);
			*value = at + strlen(signs[i]);
			return true;
		}
		if (!depth && strchr(":!", *at))
			return false;
	}
	return false;
}

/*
 * Returns the next word of a value, or NULL at the end; blanks inside parentheses are part of a
 * word.
 */
static char *guard_next_word(const char **at)
{
	const char *start = *at + strspn(*at, " \t"), *end = start;
	int depth = 0;

	while (*end && (depth > 0 || !strchr(" \t", *end))) {
		depth += (*end == '(') - (*end == ')');
		end++;
	}
	*at = end;
	return end > start ? xstrndup(start, end - start) : NULL;
}

/*
 * Returns whether this is a variable of the folder's own that contains only objects in the
 * original.
 */
static bool is_object_list(const struct guard *guard, const char *name)
{
	bool known = false;

	if (!*name || !makefile_is_made_of(name, strlen(name), NAME_CHARS))
		return false;
	vec_foreach(guard->sides[0], it) {
		scope_free char *other = NULL;
		const char *value, *at;

		if (it->raw || !split_assignment(it->text, &other, &value) || strcmp(other, name))
			continue;
		known = true;
		for (at = value; *(at += strspn(at, " \t"));) {
			scope_free char *word = guard_next_word(&at);

			if (!word || !makefile_is_object(guard->depth, word))
				return false;
		}
	}
	return known;
}

static bool find_variable(const struct guard *guard, const char *name, enum value_kind *kind)
{
	for (size_t i = 0; i < array_size(variables); i++) {
		size_t len = strlen(variables[i].start);
		const char *rest = name + len, *end = variables[i].end;
		bool fits = false;

		if (strncmp(name, variables[i].start, len))
			continue;
		if (end && !*end)
			fits = !*rest;
		else if (!end) /* for the folder, or for an object */
			fits = !*rest ||
			       (*rest == '_' && str_ends(rest, ".o") &&
				makefile_is_made_of(rest, strlen(rest), NAME_CHARS ".-/+"));
		else if (*end == '*')
			fits = is_condition(rest);
		else
			fits = str_ends(rest, end) &&
			       makefile_is_made_of(rest, strlen(rest), NAME_CHARS ".-/+");
		if (!fits)
			continue;
		*kind = variables[i].kind;
		return true;
	}
	*kind = VALUE_OBJECTS;
	return is_composite(guard, name) || is_object_list(guard, name);
}

static bool word_fits(const struct guard *guard, enum value_kind kind, const char *word)
{
	switch (kind) {
	case VALUE_OBJECTS:
		return makefile_is_object(guard->depth, word);
	case VALUE_FOLDERS:
		return makefile_is_folder(guard->depth, word);
	case VALUE_FLAGS:
		return makefile_is_flag(guard->depth, word);
	case VALUE_SWITCH:
		return makefile_is_switch(word);
	case VALUE_VERSION:
		return makefile_is_version(word);
	}
	return false;
}

/* Returns what is wrong with the words of a value, or NULL; free(). */
static char *judge_value(const struct guard *guard, enum value_kind kind, const char *value)
{
	const char *at = value;

	for (;;) {
		scope_free char *word = guard_next_word(&at);

		if (!word)
			return NULL;
		/* This is the only option whose argument is a separate word. */
		if (kind == VALUE_FLAGS && !strcmp(word, "-I")) {
			scope_free char *path = guard_next_word(&at);

			if (path && makefile_is_include_path(guard->depth, path))
				continue;
		} else if (word_fits(guard, kind, word)) {
			continue;
		}
		return xasprintf(
			kind == VALUE_FLAGS
				? "uses the flag \"%s\", which is not a plain compiler flag"
				: "has \"%s\" in a list, which is not a plain name",
			word);
	}
}

/* Accepts the arguments of ifeq and ifneq: words of the configuration, and text without meaning. */
static bool is_comparison(const char *text)
{
	while (*text) {
		size_t len = *text == '$' ? makefile_reference_length(text, false)
					  : strspn(text, NAME_CHARS " \t.,()'\"-");

		if (!len)
			return false;
		text += len;
	}
	return true;
}

/* Describes a line that is not allowed, by how it starts or what it contains. */
static const struct {
	const char *sign;
	bool at_start;
	const char *what;
} hostile_kinds[] = {
	{"$(shell", false, "runs a command with $(shell …)"},
	{"${shell", false, "runs a command with ${shell …}"},
	{"!=", false, "runs a command with !="},
	{"$(eval", false, "makes new makefile text with $(eval …)"},
	{"${eval", false, "makes new makefile text with ${eval …}"},
	{"$(file", false, "reads or writes a file with $(file …)"},
	{"$(call", false, "calls a function of other makefiles"},
	{"include", true, "includes another file"},
	{"-include", true, "includes another file"},
	{"sinclude", true, "includes another file"},
	{"load", true, "loads a plug-in of make"},
	{"-load", true, "loads a plug-in of make"},
	{"define", true, "defines a variable of several lines"},
	{"endef", true, "ends a definition"},
	{"export", true, "exports a variable to commands"},
	{"unexport", true, "takes a variable from commands"},
	{"override", true, "overrides a variable"},
	{"private", true, "sets a private variable"},
	{"undefine", true, "undefines a variable"},
	{"vpath", true, "sets where make searches for files"},
	{"hostprogs", true, "sets a program that the build runs"},
	{"userprogs", true, "adds a program that the build makes"},
	{"$(", false, "expands a variable that is not a configuration symbol"},
	{"${", false, "expands a variable that is not a configuration symbol"},
	{":=", false, "sets a variable other than lists of objects and folders and plain flags"},
	{":", false, "is a rule, or sets a variable for one"},
	{"=", false, "sets a variable other than lists of objects and folders and plain flags"},
};

static char *describe_hostile(const char *text)
{
	for (size_t i = 0; i < array_size(hostile_kinds); i++) {
		const char *sign = hostile_kinds[i].sign;

		if (hostile_kinds[i].at_start ? str_starts(text, sign) : strstr(text, sign) != NULL)
			return xstrdup(hostile_kinds[i].what);
	}
	return xstrdup("is not a condition, a list of objects or a plain flag");
}

/*
 * Returns the text after a word at the line's start and blanks, or NULL if another word is there.
 */
static const char *behind_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(text, word, len) || (text[len] && !strchr(" \t(", text[len])))
		return NULL;
	return text + len + strspn(text + len, " \t");
}

static bool is_conditional(const char *text)
{
	const char *rest = behind_word(text, "else");

	if (rest && !*rest)
		return true;
	if (rest)
		text = rest;
	else if ((rest = behind_word(text, "endif")))
		return !*rest;
	if ((rest = behind_word(text, "ifeq")) || (rest = behind_word(text, "ifneq")))
		return is_comparison(rest);
	if ((rest = behind_word(text, "ifdef")) || (rest = behind_word(text, "ifndef")))
		return makefile_is_plain_variable(rest, strlen(rest));
	return false;
}

/* Returns why the line is refused, as a clause, or NULL if it is allowed; free(). */
static char *judge_line(const struct guard *guard, const struct makefile_line *line)
{
	scope_free char *name = NULL;
	const char *value;
	enum value_kind kind;

	for (const char *c = line->text; *c; c++)
		if ((*c < ' ' || *c > '~') && *c != '\t' && !(line->raw && *c == '\n'))
			return xasprintf("contains the byte 0x%02x", (unsigned char)*c);
	if (line->raw)
		return xstrdup("is part of a recipe or of a definition");
	if (is_conditional(line->text))
		return NULL;
	if (!split_assignment(line->text, &name, &value) || !find_variable(guard, name, &kind))
		return describe_hostile(line->text);
	return judge_value(guard, kind, value);
}

static void judge_side(const struct guard *guard, const struct makefile_line_vec *lines,
		       const bool *changed, const char *verb, struct hostile_line_vec *found)
{
	for (size_t i = 0; i < lines->len; i++) {
		scope_free char *what = changed[i] ? judge_line(guard, &lines->data[i]) : NULL;

		if (what)
			vec_push(found, (struct hostile_line){
						.line = lines->data[i].line,
						.what = xasprintf("a line that the patch %s %s",
								  verb, what)});
	}
}

void makefile_guard(const char *path, const char *before, const char *after,
		    struct hostile_line_vec *found)
{
	scope_makefile_lines old = {}, new = {};
	struct guard guard = {.sides = {&old, &new}};

	if (!after)
		return;
	for (const char *c = path; *c; c++)
		guard.depth += *c == '/';
	makefile_lines_read(before ? before : "", &old);
	makefile_lines_read(after, &new);

	scope_free bool *removed = xcalloc(old.len + 1, sizeof(*removed));
	scope_free bool *added = xcalloc(new.len + 1, sizeof(*added));

	makefile_lines_compare(&old, &new, removed, added);
	judge_side(&guard, &new, added, "adds", found);
	judge_side(&guard, &old, removed, "removes", found);
}
