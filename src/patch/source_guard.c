/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files the source has the compiler and the assembler read.
 *
 * Both states of a file are reduced to a flat text: without comments, lines that a backslash
 * continues joined, neighbouring string literals joined and their escapes resolved.  In it all
 * that reads files is listed, and what the patched state has more of is judged.
 */
#include "patch/source_guard.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/strbuf.h"

/* Stands for the start and the end of a literal, so that one in a literal is not taken for it. */
#define QUOTE '\x01'

struct flat {
	struct strbuf text;
	struct {
		unsigned *data;
		size_t len, cap;
	} lines; /* for each byte of text, the line that it is from */
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

/* Lines that end in a backslash have no end for the compiler; blanks behind it do not matter. */
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

/* The character that an escape stands for, the backslash being read. */
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

static bool flat_skip_if_comment(struct reader *r)
{
	if (r->at[0] != '/' || (r->at[1] != '*' && r->at[1] != '/'))
		return false;
	flat_skip_comment(r, r->at[1] == '*');
	return true;
}

/* A literal and those that follow with nothing but blanks between, as one. */
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
		} else if (*r.at == '\'' && r.at[1] && r.at[2] &&
			   strchr(r.at + 1, '\'') < r.at + 5) {
			read_literal(&r, '\'');
			flat_emit(&r, ' ');
		} else {
			char c = reader_next(&r);

			flat_emit(&r, c == QUOTE ? ' ' : c);
		}
	}
}

/* ---- what reads files ---- */

struct reading {
	unsigned line;
	char *text; /* the words, to tell it from others */
	char *what; /* what is wrong with it; NULL: nothing */
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

static bool path_leaves_tree(const char *path, const char *source)
{
	long depth = 0;

	if (*path == '/')
		return true;
	for (; *source; source++)
		depth += *source == '/';
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

/* The name in quotes or angle brackets at text, free(); NULL: it is put together by a macro. */
static char *reading_name(const char *text)
{
	text += strspn(text, " \t(");
	if (*text == QUOTE || *text == '"')
		return xstrndup(text + 1, strcspn(text + 1, "\x01\"\n"));
	if (*text == '<')
		return xstrndup(text + 1, strcspn(text + 1, ">\n"));
	return NULL;
}

enum argument { ARGUMENT_ANY, ARGUMENT_OUTSIDE, ARGUMENT_OUTSIDE_OR_MACRO };

/* What stands behind a '#' at the start of a line, and when it is wrong. */
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

/* What reads files wherever it stands, in assembler or in the text that becomes some. */
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
};

static char *judge_argument(const char *path, const char *what, enum argument wrong,
			    const char *argument)
{
	scope_free char *name = reading_name(argument);

	if (name && path_leaves_tree(name, path))
		return xasprintf("%s reads \"%s\", which is outside of the source tree", what,
				 name);
	if (wrong == ARGUMENT_ANY)
		return xasprintf("%s reads a file as data", what);
	if (wrong == ARGUMENT_OUTSIDE_OR_MACRO && !name)
		return xasprintf("%s reads a file whose name a macro makes", what);
	return NULL;
}

static void add_reading(struct reading_vec *out, const struct flat *flat, size_t at, char *what)
{
	const char *text = flat->text.buf + at;

	vec_push(out, (struct reading){.line = flat->lines.data[at],
				       .text = xstrndup(text, strcspn(text, "\n")),
				       .what = what});
}

/* Whether text starts with the words, between which any blanks may be; their end, or NULL. */
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

static void list_directive(const char *path, const struct flat *flat, size_t at,
			   struct reading_vec *out)
{
	const char *text = flat->text.buf + at;
	const char *rest;

	text += strspn(text, " \t");
	/* "# 7 "file"" is what #line becomes. */
	if (isdigit((unsigned char)*text))
		add_reading(out, flat, at,
			    judge_argument(path, "#line", ARGUMENT_OUTSIDE,
					   text + strspn(text, "0123456789")));
	for (size_t i = 0; i < array_size(directives); i++) {
		rest = match_words(text, directives[i].word);
		if (!rest)
			continue;
		if (!strcmp(directives[i].word, "line"))
			rest += strcspn(rest, "\x01\"\n");
		/* A path without quotes. */
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

/* ".include" of the assembler, which is also what a member of a structure may be called. */
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

void kconfig_guard(const char *before, const char *after, struct hostile_line_vec *found)
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
