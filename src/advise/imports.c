/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what loads modules in texts of Python and Perl.  Python's words "import" and "from" mean
 * nothing else outside of strings and comments; Perl's strings are not told apart, so that some
 * names are found that are none, which no file has.
 */
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

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Returns the end of a string of Python, or of a comment; `at` itself if none begins there. */
static const char *python_skip(const char *at)
{
	char quote = *at;

	if (quote == '#')
		return at + strcspn(at, "\n");
	if (quote != '"' && quote != '\'')
		return at;

	bool triple = at[1] == quote && at[2] == quote;

	for (at += triple ? 3 : 1; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '\n' && !triple)
			return at;
		else if (*at == quote && (!triple || (at[1] == quote && at[2] == quote)))
			return at + (triple ? 3 : 1);
	}
	return at;
}

static bool word_is(const char *at, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(at, word, len);
}

/* These load modules, or run code, by names or texts that may be computed. */
static bool python_is_dynamic(const char *at, size_t len)
{
	static const char *const words[] = {
		"import_module",
		"__import__",
		"exec",
		"eval",
		"execfile",
		"runpy",
		"entry_points",
		"iter_entry_points",
		"pkg_resources",
		"load_entry_point",
		"spec_from_loader",
		"spec_from_file_location",
		"SourceFileLoader",
		"SourcelessFileLoader",
		"ExtensionFileLoader",
		"exec_module",
		"load_module",
		"load_source",
		"zipimport",
		"zipimporter",
		"import_string",
		"walk_packages",
		"iter_modules",
		"path_hooks",
		"meta_path",
		"__path__",
		"addsitedir",
	};

	for (size_t i = 0; i < array_size(words); i++)
		if (word_is(at, len, words[i]))
			return true;
	return false;
}

static bool python_imports(const char *text, struct str_vec *names)
{
	bool dynamic = false, from = false;

	for (const char *at = text; *at;) {
		const char *next = python_skip(at);
		size_t len = 0;

		if (next != at) {
			at = next;
			continue;
		}
		while (is_word(at[len]))
			len++;
		if (!len) {
			from = from && *at != '\n' && *at != ';';
			at++;
			continue;
		}
		dynamic = dynamic || python_is_dynamic(at, len);
		if (word_is(at, len, "from")) {
			python_from(at + len, names);
			from = true;
		} else if (word_is(at, len, "import") && !from) {
			python_import(at + len, names);
		}
		at += len;
	}
	return dynamic;
}

/* Takes the file of require "x.pl", do './x.pl'; returns false if its name is computed. */
static bool perl_file(const char *at, struct str_vec *names)
{
	at += strspn(at, " \t(");

	const char *end = *at == '"' || *at == '\'' ? strchr(at + 1, *at) : NULL;
	scope_free char *name = end ? xstrndup(at + 1, end - at - 1) : NULL;

	if (!name)
		return *at != '$' && *at != '@';
	if (strchr(name, '$') || strchr(name, '@'))
		return false;
	while (str_starts(name, "./"))
		memmove(name, name + 2, strlen(name + 2) + 1);
	if (*name && strcmp(name, "."))
		vec_push(names, xstrdup(name));
	return true;
}

/* Returns whether "use" at this place of the text may begin a statement. */
static bool perl_begins(const char *text, const char *at)
{
	while (at > text && strchr(" \t\r\n", at[-1]))
		if (*--at == '\n')
			return true;
	return at == text || strchr(";{}", at[-1]);
}

static bool perl_imports(const char *text, struct str_vec *names)
{
	bool dynamic = false;

	for (const char *at = text; *at;) {
		size_t len = 0;

		while (is_word(at[len]))
			len++;
		if (*at == '#' && (at == text || strchr(" \t\n;", at[-1]))) {
			at += strcspn(at, "\n");
			continue;
		}
		if (!len || (at > text && strchr("$@%&>:-'", at[-1]))) {
			at += len ? len : 1;
			continue;
		}

		const char *rest = skip_space(at + len);

		if (word_is(at, len, "use") && rest > at + len && perl_begins(text, at))
			perl_use(rest, names);
		else if (word_is(at, len, "require") && isalpha((unsigned char)*rest))
			perl_use(rest, names);
		else if (word_is(at, len, "require") ||
			 (word_is(at, len, "do") && strchr("\"'$", *rest)))
			dynamic |= !perl_file(rest, names);
		at += len;
	}
	return dynamic;
}

/* Takes the files that a shell reads: ". /etc/x", "source ./x"; only the last part may be fixed. */
static bool shell_imports(const char *text, struct str_vec *names)
{
	bool dynamic = false;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		for (const char *at = line; *at && *at != '\n' && *at != '#';) {
			at = skip_space(at);

			size_t word = str_starts(at, ". ")	  ? 2
				      : str_starts(at, "source ") ? strlen("source ")
								  : 0;
			const char *file = skip_space(at + word);
			size_t rest = strcspn(file, "\n;&|");
			bool computed = memchr(file, '$', rest);
			size_t len = computed ? rest : strcspn(file, " \t\n;&|)");
			scope_free char *name = word && len ? xstrndup(file, len) : NULL;

			if (name) {
				char *to = name, *fixed;

				for (const char *c = name; *c; c++)
					if (*c != '"' && *c != '\'')
						*to++ = *c;
				*to = '\0';
				fixed = computed ? strrchr(name, '/') : NULL;
				dynamic |= computed;
				fixed = fixed ? fixed + 1 : name;
				fixed[strcspn(fixed, " \t")] = '\0';
				if (*fixed && !strchr(fixed, '$'))
					vec_push(names, xstrdup(fixed));
			}
			/* The next command of the line. */
			at += strcspn(at, ";&|{\n");
			at += *at && *at != '\n';
		}
	}
	return dynamic;
}

static bool has_any(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strstr(text, *words))
			return true;
	return false;
}

bool imports_find(enum script_language language, const char *text, struct str_vec *names)
{
	static const char *const perl[] = {"eval \"",  "eval qq", "eval $",	"eval(",
					   "Module::", "do $",	  "load_class", NULL};

	if (language == SCRIPT_PYTHON)
		return python_imports(text, names);
	if (language == SCRIPT_SHELL)
		return shell_imports(text, names);
	return perl_imports(text, names) || has_any(text, perl);
}

/* The folder of the running script, as texts of Perl have it. */
static const char *const perl_bins[] = {"$FindBin::Bin/", "${FindBin::Bin}/", "$FindBin::RealBin/",
					"$Bin/", "$RealBin/"};

/* Adds a folder, and with `own` what it is relative to the folder of the script and those above. */
static void add_guesses(const char *folder, bool own, struct str_vec *folders)
{
	if (*folder == '/' || !own)
		str_vec_add(folders, folder);
	if (!own)
		return;
	folder += strspn(folder, "/");

	scope_free char *above = xasprintf("../%s", folder),
			*higher = xasprintf("../../%s", folder);

	str_vec_add(folders, *folder ? folder : ".");
	str_vec_add(folders, above);
	str_vec_add(folders, higher);
}

/* Returns whether texts are put together by "+" (not "+="), or by Perl's ".". */
static bool has_plus(const char *code)
{
	for (const char *at = code; *at; at++)
		if ((*at == '+' && at[1] != '=') || (*at == '.' && at[1] == ' '))
			return true;
	return false;
}

/*
 * Takes the folders of one statement: each text in quotation marks, and all of them together, as a
 * path or as one name.  Returns whether the statement has more than such texts, so that other
 * folders may be meant.
 */
static bool take_quoted(const char *at, const char *end, struct str_vec *folders)
{
	scope_strbuf path = STRBUF_INIT, name = STRBUF_INIT, code = STRBUF_INIT;
	scope_str_vec texts = {};
	bool own, adds, joins, computed;

	while (at < end) {
		const char *close =
			*at == '"' || *at == '\'' ? memchr(at + 1, *at, end - at - 1) : NULL;

		if (!close) {
			strbuf_addch(&code, *at++);
			continue;
		}
		vec_push(&texts, xstrndup(at + 1, close - at - 1));
		at = close + 1;
	}
	adds = has_plus(code.buf);
	joins = strstr(code.buf, "join") || strchr(code.buf, '/') || strstr(code.buf, "catdir");
	own = strstr(code.buf, "__file__") || strstr(code.buf, "__FILE__") ||
	      strstr(code.buf, "FindBin") || strstr(code.buf, "dirname") ||
	      strstr(code.buf, "argv");
	/* The bracket of sys.path.insert() itself does not count. */
	computed = own || !texts.len || adds || (strchr(code.buf, '(') != strrchr(code.buf, '('));
	vec_foreach(&texts, it) {
		const char *folder = **it == '/' ? *it : NULL;

		for (size_t i = 0; i < array_size(perl_bins); i++)
			if (str_starts(*it, perl_bins[i]))
				folder = *it + strlen(perl_bins[i]);
		computed = computed || !folder;
		if (folder && *folder)
			str_vec_add(folders, folder);
		strbuf_addf(&path, "%s%s", path.len ? "/" : "", *it);
		strbuf_addstr(&name, *it);
	}
	if (own)
		add_guesses(path.buf, true, folders);
	if (adds && texts.len > 1 && *name.buf == '/')
		add_guesses(name.buf, false, folders);
	if (joins && texts.len > 1 && *path.buf == '/')
		add_guesses(path.buf, false, folders);
	return computed;
}

/* Returns the end of a statement: of the line, or behind it the bracket that it leaves open. */
static const char *statement_end(const char *at)
{
	int open = 0;

	for (; *at && (*at != '\n' || open > 0) && *at != ';'; at++)
		open += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
	return at;
}

bool imports_folders(enum script_language language, const char *text, struct str_vec *folders)
{
	static const char *const words[][4] = {
		[SCRIPT_PYTHON] = {"sys.path.", "sys.path ", "sys.path[", "addsitedir"},
		[SCRIPT_PERL] = {"use lib", "@INC", NULL},
	};
	bool computed = false;

	if (language != SCRIPT_PYTHON && language != SCRIPT_PERL)
		return false;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';

		size_t len = strcspn(line, "\n");

		if (!len || *skip_space(line) == '#')
			continue;
		for (size_t i = 0; i < array_size(words[language]) && words[language][i]; i++) {
			const char *word = words[language][i];
			const char *at = memmem(line, len, word, strlen(word));

			if (!at)
				continue;
			at += strlen(word);
			computed |= take_quoted(at, statement_end(at), folders);
			break;
		}
	}
	return computed;
}

void imports_required(const char *text, struct str_vec *names)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';

		const char *at = str_starts(line, "from ")     ? line + strlen("from ")
				 : str_starts(line, "import ") ? line + strlen("import ")
							       : NULL;

		if (!at)
			continue;
		at = skip_space(at);

		scope_free char *name = take_name(&at, "");

		if (*name && *name != '_')
			str_vec_add(names, name);
	}
}
