/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes #line directives into a patched source where a hunk moved lines, at places outside
 * functions, initialisers, macros and comments.
 */
#include "patch/lines.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/proc.h"

struct lex_depth {
	int brace, paren;
};

struct depth_vec VEC(struct lex_depth);

/* The lexer's state at the start of a line. */
struct lexer {
	struct lex_depth depth;
	struct depth_vec groups; /* depth at each open #if */
	bool comment;		 /* in a block comment */
	char quote;		 /* the quote of a string that continues after a backslash, or 0 */
	bool directive;		 /* in a directive that continues after a backslash */
	bool verbatim;		 /* that directive's text is not C, as in #error don't */
	bool continued;		 /* the line before ended in a backslash */
};

static size_t lex_comment(struct lexer *lex, const char *line, size_t pos, size_t len)
{
	const char *end = memmem(line + pos, len - pos, "*/", 2);

	lex->comment = !end;
	return end ? (size_t)(end - line) + 2 : len;
}

static size_t lex_quoted(struct lexer *lex, const char *line, size_t pos, size_t len)
{
	while (pos < len && line[pos] != lex->quote)
		pos += line[pos] == '\\' ? 2 : 1;
	if (pos < len) {
		lex->quote = 0;
		return pos + 1;
	}
	/* A string without a closing quote is wrong; it counts as ended. */
	if (!len || line[len - 1] != '\\')
		lex->quote = 0;
	return len;
}

static void lex_bracket(struct lex_depth *depth, char c)
{
	static const struct {
		char c;
		signed char brace, paren;
	} brackets[] = {{'{', 1, 0}, {'}', -1, 0}, {'(', 0, 1}, {')', 0, -1}};

	for (size_t i = 0; i < array_size(brackets); i++) {
		if (brackets[i].c != c)
			continue;
		depth->brace += brackets[i].brace;
		depth->paren += brackets[i].paren;
	}
	if (depth->brace < 0)
		depth->brace = 0;
	if (depth->paren < 0)
		depth->paren = 0;
}

static void lex_text(struct lexer *lex, const char *line, size_t pos, size_t len)
{
	while (pos < len) {
		if (lex->comment) {
			pos = lex_comment(lex, line, pos, len);
		} else if (lex->quote) {
			pos = lex_quoted(lex, line, pos, len);
		} else if (line[pos] == '/' && pos + 1 < len && line[pos + 1] == '*') {
			pos = lex_comment(lex, line, pos + 2, len);
		} else if (line[pos] == '/' && pos + 1 < len && line[pos + 1] == '/') {
			return;
		} else if ((line[pos] == '"' || line[pos] == '\'') && !lex->verbatim) {
			lex->quote = line[pos++];
		} else {
			if (!lex->directive)
				lex_bracket(&lex->depth, line[pos]);
			pos++;
		}
	}
}

static bool lex_word_is(const char *word, size_t len, const char *text)
{
	return strlen(text) == len && !memcmp(word, text, len);
}

/*
 * Branches of a conditional may each open the same brace, so every branch starts with the depth at
 * the #if. Returns true if a group of lines ends here, which the compiler may have skipped.
 */
static bool lex_conditional(struct lexer *lex, const char *word, size_t len)
{
	bool is_end = lex_word_is(word, len, "endif");
	bool is_else = len >= 4 && !memcmp(word, "el", 2);

	if (len >= 2 && !memcmp(word, "if", 2))
		vec_push(&lex->groups, lex->depth);
	if (!is_end && !is_else)
		return false;
	if (lex->groups.len) {
		if (is_end)
			lex->groups.len--;
		else
			lex->depth = lex->groups.data[lex->groups.len - 1];
	}
	return true;
}

/* Reads one line without its end; returns true if a conditional group ends with it. */
static bool lex_line(struct lexer *lex, const char *line, size_t len)
{
	size_t pos = 0;
	bool group_ends = false;
	bool fresh = !lex->continued && !lex->comment && !lex->quote;

	if (!lex->continued)
		lex->directive = lex->verbatim = false;
	while (pos < len && isblank((unsigned char)line[pos]))
		pos++;
	if (fresh && pos < len && line[pos] == '#') {
		do
			pos++;
		while (pos < len && isblank((unsigned char)line[pos]));

		size_t end = pos;

		while (end < len && isalpha((unsigned char)line[end]))
			end++;
		lex->directive = true;
		lex->verbatim = lex_word_is(line + pos, end - pos, "error") ||
				lex_word_is(line + pos, end - pos, "warning");
		group_ends = lex_conditional(lex, line + pos, end - pos);
		pos = end;
	}
	lex_text(lex, line, pos, len);
	/*
	 * In the kernel's style, a '}' in the first column also ends what macros above have left
	 * open.
	 */
	if (fresh && len && line[0] == '}')
		lex->depth = (struct lex_depth){};
	lex->continued = len && line[len - 1] == '\\';
	return group_ends;
}

static bool lex_is_safe(const struct lexer *lex)
{
	return !lex->depth.brace && !lex->depth.paren && !lex->comment && !lex->quote &&
	       !lex->continued;
}

void lines_keep(const char *text, const struct line_shift_vec *shifts, struct strbuf *out)
{
	struct lexer lex = {};
	const struct line_shift *shift = NULL;
	size_t next = 0;
	bool pending = false;

	for (unsigned line = 1; *text; line++) {
		size_t len = strcspn(text, "\n");
		size_t whole = len + (text[len] == '\n');

		while (next < shifts->len && shifts->data[next].now <= line) {
			shift = &shifts->data[next++];
			pending = true;
		}
		if (pending && lex_is_safe(&lex)) {
			strbuf_addf(out, "#line %u\n", line - shift->now + shift->before);
			pending = false;
		}
		strbuf_add(out, text, whole);
		/*
		 * The compiler may skip the group with the directive, so the directive is repeated
		 * after the group.
		 */
		if (lex_line(&lex, text, len) && shift)
			pending = true;
		text += whole;
	}
	vec_free(&lex.groups);
}

struct err *line_shifts_parse(const char *diff, struct line_shift_vec *shifts)
{
	for (const char *line = diff; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		unsigned old_from, old_to, new_from, new_to;
		int used = 0;
		char kind;

		if (!isdigit((unsigned char)*line))
			continue;
		if (sscanf(line, "%u%n", &old_from, &used) != 1)
			return err_new("diff: unexpected output");
		line += used;
		old_to = old_from;
		if (*line == ',' && sscanf(line, ",%u%n", &old_to, &used) == 1)
			line += used;
		kind = *line++;
		if (!kind || !strchr("acd", kind) || sscanf(line, "%u%n", &new_from, &used) != 1)
			return err_new("diff: unexpected output");
		line += used;
		new_to = new_from;
		if (*line == ',' && sscanf(line, ",%u%n", &new_to, &used) == 1)
			line += used;
		vec_push(shifts, (struct line_shift){.now = new_to + 1, .before = old_to + 1});
	}
	return NULL;
}

struct err *line_shifts_find(const char *old_file, const char *new_file,
			     const struct sandbox *sandbox, struct line_shift_vec *shifts)
{
	const char *const argv[] = {"diff", "--text", "--", old_file, new_file, NULL};
	const char *const env[] = {"LC_ALL=C", "DIFF_OPTIONS", NULL};
	scope_strbuf output = STRBUF_INIT;
	int status;

	err_try(proc_run(&(struct proc_spec){.argv = argv, .env = env, .sandbox = sandbox}, &status,
			 &output));
	if (status > 1) {
		scope_strbuf last = STRBUF_INIT;

		proc_last_lines(output.buf, 1, &last);
		return err_new("diff: %s", last.buf);
	}
	return line_shifts_parse(output.buf, shifts);
}
