/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the files that the source makes the compiler and the assembler read.
 *
 * Both states of a file are reduced to a flat text: comments are removed, lines that end in a
 * backslash are joined, and so are adjacent string literals, whose escapes are resolved. All
 * constructs that read files are listed from it, and those that only the patched state has are
 * judged.
 */
#include "patch/source_guard.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/strbuf.h"

/*
 * This stands for the start and the end of a literal, so that a quote inside a literal is not taken
 * for one.
 */
#define QUOTE '\x01'
/* This stands for the quotes of a raw literal, which is always refused. */
#define RAW_QUOTE '\x02'

struct flat {
	struct strbuf text;
	struct {
		unsigned *data;
		size_t len, cap;
	} lines; /* line number for each byte of text */
};

struct reader {
	const char *at;
	unsigned line;
	struct flat *out;
};

static void flat_free(struct flat *flat)
{
	strbuf_free(&flat->text);
	vec_free(&flat->lines);
}

#define scope_flat __attribute__((cleanup(flat_free))) struct flat

static void flat_emit(struct reader *r, char c)
{
	strbuf_addch(&r->out->text, c);
	vec_push(&r->out->lines, r->line);
}

/*
 * For the compiler, a line that ends in a backslash continues; blanks after the backslash are
 * ignored.
 */
static void skip_joints(struct reader *r)
{
	while (*r->at == '\\') {
		const char *end = r->at + 1 + strspn(r->at + 1, " \t\r\f\v");

		if (*end != '\n')
			return;
		r->line++;
		r->at = end + 1;
	}
}

static char reader_next(struct reader *r)
{
	skip_joints(r);
	if (!*r->at)
		return '\0';
	r->line += *r->at == '\n';

	char c = *r->at++;

	skip_joints(r);
	return c;
}

static void flat_skip_comment(struct reader *r, bool block)
{
	char c;

	reader_next(r);
	if (block)
		reader_next(r);
	while (*r->at && (block || *r->at != '\n')) {
		c = reader_next(r);
		if (block && c == '*' && *r->at == '/') {
			reader_next(r);
			return;
		}
	}
}

/* Returns the character of an escape, after its backslash was read. */
static char read_escape(struct reader *r)
{
	char c = reader_next(r);
	unsigned value = 0, digits = 0;

	if (c == 'x') {
		while (isxdigit((unsigned char)*r->at)) {
			char digit = tolower((unsigned char)reader_next(r));

			value = value * 16 +
				(isdigit((unsigned char)digit) ? digit - '0' : digit - 'a' + 10);
		}
		return value;
	}
	if (c < '0' || c > '7')
		return c == 'n' ? '\n' : c == 't' ? '\t' : c;
	for (value = c - '0'; digits < 2 && *r->at >= '0' && *r->at <= '7'; digits++)
		value = value * 8 + (reader_next(r) - '0');
	return value;
}

static void read_literal(struct reader *r, char quote)
{
	reader_next(r);
	while (*r->at && *r->at != '\n') {
		char c = reader_next(r);

		if (c == quote)
			return;
		if (c == '\\')
			c = read_escape(r);
		flat_emit(r, c == QUOTE || !c ? ' ' : c);
	}
}

/*
 * Returns the end of a literal, or NULL if the line ends first: an apostrophe in assembler or in a
 * message does not start one.
 */
static const char *literal_end(const char *at, char quote)
{
	for (at++; *at && *at != '\n'; at++) {
		if (*at == quote)
			return at;
		if (*at == '\\' && at[1])
			at += at[1] == '\r' && at[2] ? 2 : 1;
	}
	return NULL;
}

/*
 * Returns the length of R"mark(…)mark", which has no escapes and may contain line ends; 0 if there
 * is none.
 */
static size_t raw_literal_length(const char *at)
{
	size_t mark;
	const char *end;

	if (at[0] != 'R' || at[1] != '"')
		return 0;
	mark = strcspn(at + 2, "()\\\" \t\n\v\f");
	if (at[2 + mark] != '(')
		return 0;

	scope_free char *close = xasprintf(")%.*s\"", (int)mark, at + 2);

	end = strstr(at + 2 + mark, close);
	return end ? end + strlen(close) - at : 0;
}

/*
 * A raw literal hides what is text and what is code. The kernel contains none, so it is reported as
 * a construct of its own, which is refused, and its contents are examined as if they were code.
 */
static void flat_emit_raw(struct reader *r, size_t len)
{
	for (const char *end = r->at + len; r->at < end; r->at++) {
		r->line += *r->at == '\n';
		flat_emit(r, *r->at == QUOTE ? ' ' : *r->at == '"' ? RAW_QUOTE : *r->at);
	}
}

static bool flat_skip_if_comment(struct reader *r)
{
	if (r->at[0] != '/' || (r->at[1] != '*' && r->at[1] != '/'))
		return false;
	flat_skip_comment(r, r->at[1] == '*');
	return true;
}

/* Reads a literal, and those that follow with only blanks between them, as one. */
static void read_literals(struct reader *r)
{
	flat_emit(r, QUOTE);
	read_literal(r, '"');
	for (;;) {
		struct reader ahead = *r;

		while (*ahead.at &&
		       (isspace((unsigned char)*ahead.at) || flat_skip_if_comment(&ahead)))
			if (isspace((unsigned char)*ahead.at))
				reader_next(&ahead);
		if (*ahead.at != '"')
			break;
		*r = ahead;
		read_literal(r, '"');
	}
	flat_emit(r, QUOTE);
}

static void flatten(const char *source, struct flat *out)
{
	struct reader r = {.at = source, .line = 1, .out = out};

	out->text = (struct strbuf)STRBUF_INIT;
	skip_joints(&r);
	while (*r.at) {
		if (flat_skip_if_comment(&r)) {
			flat_emit(&r, ' ');
		} else if (*r.at == '"') {
			read_literals(&r);
		} else if (raw_literal_length(r.at)) {
			flat_emit_raw(&r, raw_literal_length(r.at));
		} else if (*r.at == '\'' && literal_end(r.at, '\'')) {
			read_literal(&r, '\'');
			flat_emit(&r, ' ');
		} else {
			char c = reader_next(&r);

			flat_emit(&r, c == QUOTE || c == RAW_QUOTE ? ' ' : c);
		}
	}
}

/* ---- what reads files ---- */

struct reading {
	unsigned line;
	char *text; /* identifies it among others */
	char *what; /* what is wrong with it, or NULL */
};

struct reading_vec VEC(struct reading);

static void readings_free(struct reading_vec *readings)
{
	vec_foreach(readings, it) {
		free(it->text);
		free(it->what);
	}
	vec_free(readings);
}

#define scope_readings __attribute__((cleanup(readings_free))) struct reading_vec

/* The depth of include/uapi, a folder in which the kernel's makefiles make all units search. */
#define SEARCHED_DEPTH 2

/*
 * Names in angle brackets are relative to the folders of headers, not to the file's own folder.
 * This also holds for a name in quotes if the file's own folder has no such file; the list of files
 * that the compiler then reads shows that.
 */
static bool path_leaves_tree(const char *path, const char *source, bool searched)
{
	long depth = 0;

	if (*path == '/')
		return true;
	for (; *source && !searched; source++)
		depth += *source == '/';
	if (searched)
		depth = SEARCHED_DEPTH;
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && !strncmp(path, "..", 2))
			depth--;
		else if (len && !(len == 1 && *path == '.'))
			depth++;
		if (depth < 0)
			return true;
		path += len + (path[len] == '/');
	}
	return false;
}

/* Returns the name in quotes or angle brackets at text, or NULL if a macro makes it; free(). */
static char *reading_name(const char *text)
{
	text += strspn(text, " \t(");
	if (*text == QUOTE || *text == '"')
		return xstrndup(text + 1, strcspn(text + 1, "\x01\"\n"));
	if (*text == '<')
		return xstrndup(text + 1, strcspn(text + 1, ">\n"));
	return NULL;
}

/*
 * ARGUMENT_HIDES: files that are read from there on are missing in the list that the compiler
 * writes.
 */
enum argument { ARGUMENT_ANY, ARGUMENT_OUTSIDE, ARGUMENT_OUTSIDE_OR_MACRO, ARGUMENT_HIDES };

/* Directives after a '#' at the start of a line, and when each one is wrong. */
static const struct {
	const char *word;
	enum argument wrong;
	const char *what;
} directives[] = {
	{"include_next", ARGUMENT_OUTSIDE_OR_MACRO, "#include_next"},
	{"include", ARGUMENT_OUTSIDE_OR_MACRO, "#include"},
	{"import", ARGUMENT_OUTSIDE_OR_MACRO, "#import"},
	{"embed", ARGUMENT_ANY, "#embed"},
	{"line", ARGUMENT_OUTSIDE, "#line"},
	{"define TRACE_INCLUDE_PATH", ARGUMENT_OUTSIDE, "TRACE_INCLUDE_PATH"},
};

/* Words that read files wherever they are, in assembler or in text that becomes assembler. */
static const struct {
	const char *word;
	bool call; /* an opening parenthesis follows */
	enum argument wrong;
	const char *shown;
} words[] = {
	{"incbin", false, ARGUMENT_ANY, ".incbin"},
	{"__has_include", true, ARGUMENT_OUTSIDE, "__has_include()"},
	{"__has_include_next", true, ARGUMENT_OUTSIDE, "__has_include_next()"},
	{"__has_embed", true, ARGUMENT_ANY, "__has_embed()"},
	{"GCC dependency", false, ARGUMENT_ANY, "#pragma GCC dependency"},
	{"GCC pch_preprocess", false, ARGUMENT_ANY, "#pragma GCC pch_preprocess"},
	{"GCC system_header", false, ARGUMENT_HIDES, "#pragma GCC system_header"},
};

static char *judge_argument(const char *path, const char *what, enum argument wrong,
			    const char *argument)
{
	scope_free char *name = reading_name(argument);
	bool searched = argument[strspn(argument, " \t(")] == '<';

	if (name && path_leaves_tree(name, path, searched))
		return xasprintf("%s reads \"%s\", which is outside the source tree", what, name);
	if (wrong == ARGUMENT_HIDES)
		return xasprintf("%s hides which files the compiler reads", what);
	if (wrong == ARGUMENT_ANY)
		return xasprintf("%s reads a file as data", what);
	if (wrong == ARGUMENT_OUTSIDE_OR_MACRO && !name)
		return xasprintf("%s reads a file whose name comes from a macro", what);
	return NULL;
}

static void add_reading(struct reading_vec *out, const struct flat *flat, size_t at, char *what)
{
	const char *text = flat->text.buf + at;

	vec_push(out, (struct reading){.line = flat->lines.data[at],
				       .text = xstrndup(text, strcspn(text, "\n")),
				       .what = what});
}

/*
 * Returns the end of the words if text starts with them, whatever blanks are between them, else
 * NULL.
 */
static const char *match_words(const char *text, const char *wanted)
{
	while (*wanted) {
		if (*wanted == ' ') {
			if (!strspn(text, " \t"))
				return NULL;
			text += strspn(text, " \t");
		} else if (tolower((unsigned char)*text) != tolower((unsigned char)*wanted)) {
			return NULL;
		} else {
			text++;
		}
		wanted++;
	}
	return isalnum((unsigned char)*text) || *text == '_' ? NULL : text;
}

/*
 * Moves *rest behind the number of a #line. Returns whether a macro makes the number or the name,
 * since a macro can make any name.
 */
static bool line_name(const char **rest)
{
	*rest += strspn(*rest, " \t");
	*rest += strspn(*rest, "0123456789");
	*rest += strspn(*rest, " \t");
	return **rest == '_' || isalpha((unsigned char)**rest);
}

/* Returns whether the line, such as "7 "file" 3", says that the file belongs to the system. */
static bool has_marker_flags(const char *line)
{
	const char *name = memchr(line, QUOTE, strcspn(line, "\n"));
	const char *end = name ? memchr(name + 1, QUOTE, strcspn(name + 1, "\n")) : NULL;

	return end && end[1 + strspn(end + 1, " \t\r")] != '\n' &&
	       end[1 + strspn(end + 1, " \t\r")];
}

static void list_directive(const char *path, const struct flat *flat, size_t at,
			   struct reading_vec *out)
{
	const char *text = flat->text.buf + at;
	const char *rest;

	text += strspn(text, " \t");
	/* The preprocessor turns #line into "# 7 "file"". */
	if (isdigit((unsigned char)*text))
		add_reading(
			out, flat, at,
			judge_argument(path, "#line",
				       has_marker_flags(text) ? ARGUMENT_HIDES : ARGUMENT_OUTSIDE,
				       text + strspn(text, "0123456789")));
	for (size_t i = 0; i < array_size(directives); i++) {
		rest = match_words(text, directives[i].word);
		if (!rest)
			continue;
		if (!strcmp(directives[i].word, "line") && line_name(&rest)) {
			add_reading(out, flat, at, xstrdup("#line takes a file name from a macro"));
			return;
		}
		/* This is a path without quotes. */
		if (str_starts(directives[i].what, "TRACE") && *(rest + strspn(rest, " \t")) != '/')
			return;

		char *what = str_starts(directives[i].what, "TRACE")
				     ? xasprintf("%s is an absolute path", directives[i].what)
				     : judge_argument(path, directives[i].what, directives[i].wrong,
						      rest);

		add_reading(out, flat, at, what);
		return;
	}
}

/* A member of a structure may also be called ".include", as the assembler's directive is. */
static bool is_asm_include(const char *text)
{
	const char *rest = *text == '.' ? match_words(text + 1, "include") : NULL;

	return rest && strchr("\"\\\x01", rest[strspn(rest, " \t")]) &&
	       rest[strspn(rest, " \t")] != '\0';
}

static void list_words(const char *path, const struct flat *flat, size_t at,
		       struct reading_vec *out)
{
	const char *text = flat->text.buf + at;

	if (is_asm_include(text))
		add_reading(
			out, flat, at,
			judge_argument(path, ".include", ARGUMENT_ANY, text + strlen(".include")));
	if (at && (isalnum((unsigned char)text[-1]) || text[-1] == '_'))
		return;
	for (size_t i = 0; i < array_size(words); i++) {
		const char *rest = match_words(text, words[i].word);

		if (!rest || (words[i].call && rest[strspn(rest, " \t")] != '('))
			continue;

		char *what = judge_argument(path, words[i].shown, words[i].wrong, rest);

		add_reading(out, flat, at, what);
	}
}

static void list_readings(const char *path, const char *source, struct reading_vec *out)
{
	scope_flat flat = {};
	bool line_start = true;

	flatten(source, &flat);
	for (size_t i = 0; i < flat.text.len; i++) {
		const char *text = flat.text.buf + i;

		/* Digraphs and trigraphs are other spellings of '#'. */
		size_t mark = *text == '#'		  ? 1
			      : !strncmp(text, "%:", 2)	  ? 2
			      : !strncmp(text, "?\?=", 3) ? 3
							  : 0;

		if (*text == RAW_QUOTE && text[-1] == 'R')
			add_reading(out, &flat, i,
				    xstrdup("a raw string literal hides which text is code"));
		if (line_start && mark)
			list_directive(path, &flat, i + mark, out);
		line_start = *text == '\n' || (line_start && isspace((unsigned char)*text));
		if (strchr("iI_gG.", *text))
			list_words(path, &flat, i, out);
	}
}

static bool take_equal(struct reading_vec *readings, const char *text)
{
	vec_foreach(readings, it) {
		if (!it->text || strcmp(it->text, text))
			continue;
		free(it->text);
		it->text = NULL;
		return true;
	}
	return false;
}

void source_guard(const char *path, const char *before, const char *after,
		  struct hostile_line_vec *found)
{
	scope_readings old = {}, new = {};

	list_readings(path, before ? before : "", &old);
	list_readings(path, after ? after : "", &new);
	vec_foreach(&new, it) {
		if (it->what && !take_equal(&old, it->text))
			vec_push(found, (struct hostile_line){.line = it->line,
							      .what = take_ptr(it->what)});
	}
}

static unsigned count_of(const char *text, const char *word)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, word)); at++)
		count++;
	return count;
}

void source_guard_kconfig(const char *before, const char *after, struct hostile_line_vec *found)
{
	static const char call[] = "$(shell";
	unsigned known = count_of(before ? before : "", call), line = 1;
	const char *from = after ? after : "";

	for (const char *at = from; (at = strstr(at, call)); at++) {
		if (known) {
			known--;
			continue;
		}
		for (const char *c = from; c < at; c++)
			line += *c == '\n';
		vec_push(found,
			 (struct hostile_line){.line = line,
					       .what = xstrdup("$(shell …) runs a command")});
		return;
	}
}
