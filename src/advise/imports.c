/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads lines that load modules, by their first words, in texts of Python and Perl. */
#include "advise/imports.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

static const char *skip_space(const char *at)
{
	return at + strspn(at, " \t");
}

/* Takes a name of letters, digits, "_" and the separators; returns "" if there is none; free(). */
static char *take_name(const char **at, const char *separators)
{
	const char *start = *at;

	while (isalnum((unsigned char)**at) || **at == '_' || (**at && strchr(separators, **at)))
		(*at)++;
	return xstrndup(start, *at - start);
}

/* Makes a path of Python's name: "a.b" becomes "a/b", ".b" "./b", "..b" "../b"; free(). */
static char *python_path(const char *name)
{
	scope_strbuf path = STRBUF_INIT;
	size_t dots = strspn(name, ".");

	if (dots == 1)
		strbuf_addstr(&path, "./");
	for (size_t i = 1; i < dots; i++)
		strbuf_addstr(&path, "../");
	for (const char *c = name + dots; *c; c++)
		strbuf_addch(&path, *c == '.' ? '/' : *c);
	return strbuf_detach(&path);
}

/* Takes "import a.b as c, d". */
static void python_import(const char *at, struct str_vec *names)
{
	do {
		at = skip_space(at);

		scope_free char *name = take_name(&at, ".");

		if (*name)
			vec_push(names, python_path(name));
		at += strcspn(at, ",;#\n");
	} while (*at++ == ',');
}

/* Takes "from a.b import c, d": c may be a module as well. */
static void python_from(const char *at, struct str_vec *names)
{
	at = skip_space(at);

	scope_free char *from = take_name(&at, ".");
	scope_free char *path = python_path(from);

	at = skip_space(at);
	if (!str_starts(at, "import") || !strchr(" \t(*", at[strlen("import")]))
		return;
	vec_push(names, xstrdup(path));
	at = skip_space(at + strlen("import"));

	bool lines = *at == '(';

	at += lines;
	while (*at && (lines ? *at != ')' : *at != '\n' && *at != ';')) {
		if (*at == '#')
			at += strcspn(at, "\n");
		if (!isalpha((unsigned char)*at) && *at != '_') {
			at += *at != '\0';
			continue;
		}

		scope_free char *name = take_name(&at, "");

		if (strcmp(name, "as"))
			vec_push(names,
				 xasprintf("%s%s%s", path, str_ends(path, "/") ? "" : "/", name));
	}
}

/* Takes the name of a Perl module, and those in "use parent qw(A B)". */
static void perl_use(const char *at, struct str_vec *names)
{
	at = skip_space(at);

	scope_free char *name = take_name(&at, ":");
	bool list = !strcmp(name, "parent") || !strcmp(name, "base");
	const char *end = at + strcspn(at, ";\n");

	for (;;) {
		scope_strbuf path = STRBUF_INIT;

		for (const char *c = name; *c; c++)
			strbuf_addstr(&path,
				      *c == ':' ? (c[1] == ':' ? "/" : "") : (char[]){*c, '\0'});
		if (path.len && isalpha((unsigned char)*path.buf))
			vec_push(names, xstrdup(path.buf));
		while (list && at < end && !isalpha((unsigned char)*at))
			at++;
		if (!list || at >= end)
			return;
		free(name);
		name = take_name(&at, ":");
	}
}

static bool has_any(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strstr(text, *words))
			return true;
	return false;
}

static void take_line(enum script_language language, const char *line, struct str_vec *names)
{
	line = skip_space(line);
	if (language == SCRIPT_PYTHON) {
		if (str_starts(line, "import "))
			python_import(line + strlen("import "), names);
		else if (str_starts(line, "from "))
			python_from(line + strlen("from "), names);
	} else if (str_starts(line, "use ")) {
		perl_use(line + strlen("use "), names);
	} else if (str_starts(line, "require ")) {
		perl_use(line + strlen("require "), names);
	}
}

bool imports_find(enum script_language language, const char *text, struct str_vec *names)
{
	static const char *const python[] = {
		"import_module(", "__import__(",   "exec(",	     "runpy",
		"entry_points",	  "pkg_resources", "spec_from_file", NULL};
	static const char *const perl[] = {"require $", "require(", "eval \"",	  "eval qq",
					   "Module::",	"do $",	    "load_class", NULL};

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		take_line(language, line, names);
	}
	return has_any(text, language == SCRIPT_PYTHON ? python : perl);
}

/* Takes the texts in quotation marks of one line. */
static void take_quoted(const char *line, size_t len, struct str_vec *folders)
{
	static const char *const bins[] = {"$FindBin::Bin/", "${FindBin::Bin}/",
					   "$FindBin::RealBin/", "$Bin/", "$RealBin/"};
	const char *end = line + len;

	for (const char *at = line; at < end; at++) {
		if (*at != '"' && *at != '\'')
			continue;

		const char *close = memchr(at + 1, *at, end - at - 1);

		if (!close)
			return;

		scope_free char *whole = xstrndup(at + 1, close - at - 1);
		const char *folder = *whole == '/' ? whole : NULL;

		for (size_t i = 0; i < array_size(bins); i++)
			if (str_starts(whole, bins[i]))
				folder = whole + strlen(bins[i]);
		if (folder && *folder)
			str_vec_add(folders, folder);
		at = close;
	}
}

void imports_folders(enum script_language language, const char *text, struct str_vec *folders)
{
	const char *word = language == SCRIPT_PYTHON ? "sys.path" : "use lib";

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';

		size_t len = strcspn(line, "\n");
		const char *at = len ? memmem(line, len, word, strlen(word)) : NULL;

		if (at && *skip_space(line) != '#')
			take_quoted(at, line + len - at, folders);
	}
}
