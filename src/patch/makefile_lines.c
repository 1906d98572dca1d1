/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads logical lines of makefiles, and finds those that two makefiles do not share.
 *
 * This follows GNU make's reader (src/read.c): an odd number of backslashes at the end of a line
 * joins it with the next one, a carriage return before the end of a line is ignored, comments
 * continue over joined lines, and lines that start with a tab belong to the rule above them.
 */
#include "patch/makefile_lines.h"

#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"

/* Larger differing parts count as completely different. */
#define MAX_CELLS (16u << 20)

static bool makefile_line_continues(const char *line, size_t len)
{
	size_t slashes = 0;

	while (len && line[len - 1] == '\r')
		len--;
	while (slashes < len && line[len - 1 - slashes] == '\\')
		slashes++;
	return slashes % 2;
}

/* Returns the position of the first '#' that no backslash escapes. */
static size_t comment_start(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t slashes = 0;

		while (slashes < i && text[i - 1 - slashes] == '\\')
			slashes++;
		if (text[i] == '#' && slashes % 2 == 0)
			return i;
	}
	return len;
}

/* Returns the joined text as make reads it outside recipes and definitions. */
static char *plain_text(const char *start, size_t len)
{
	scope_strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < len; i++) {
		bool joins = start[i] == '\n';

		/*
		 * The backslash, and a carriage return after it, are removed with the line's end.
		 */
		while (joins && out.len && out.buf[out.len - 1] == '\r')
			out.buf[--out.len] = '\0';
		if (joins && out.len && out.buf[out.len - 1] == '\\')
			out.buf[--out.len] = '\0';
		strbuf_addch(&out, joins ? ' ' : start[i]);
	}

	size_t end = comment_start(out.buf, out.len);
	size_t first = strspn(out.buf, " \t");

	while (end > first && strchr(" \t", out.buf[end - 1]))
		end--;
	return first < end ? xstrndup(out.buf + first, end - first) : xstrdup("");
}

static bool starts_with_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(text, word, len) && (!text[len] || strchr(" \t", text[len]));
}

/* Other words may precede, as in "override define x". */
static bool opens_define(const char *text)
{
	static const char *const before[] = {"override", "export", "private"};
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < array_size(before); i++) {
			if (!starts_with_word(text, before[i]))
				continue;
			text += strlen(before[i]);
			text += strspn(text, " \t");
			again = true;
		}
	}
	return starts_with_word(text, "define");
}

/* Recognises lines that no recipe can follow: settings, conditions, and inclusions of files. */
static bool opens_no_rule(const char *text)
{
	static const char *const words[] = {"ifeq",	"ifneq",  "ifdef",    "ifndef",	 "else",
					    "endif",	"export", "unexport", "include", "-include",
					    "sinclude", "vpath",  "undefine", "endef"};
	int depth = 0;

	if (!*text)
		return true;
	for (size_t i = 0; i < array_size(words); i++)
		if (starts_with_word(text, words[i]))
			return true;
	for (const char *c = text; *c; c++) {
		depth += (*c == '(' || *c == '{') - (*c == ')' || *c == '}');
		if (depth > 0)
			continue;
		if (*c == '=')
			return true;
		if (*c == ':')
			return c[strspn(c, ":")] == '=';
	}
	return false;
}

static size_t logical_length(const char *text, unsigned *lines)
{
	size_t len = 0;

	for (;;) {
		size_t part = strcspn(text + len, "\n");
		bool more = text[len + part] && makefile_line_continues(text + len, part);

		len += part;
		++*lines;
		if (!more || !text[len + 1])
			return len;
		len++;
	}
}

void makefile_lines_read(const char *text, struct makefile_line_vec *lines)
{
	unsigned depth = 0; /* nesting of definitions */
	bool after_rule = false;

	for (unsigned number = 1; *text;) {
		unsigned count = 0;
		size_t len = logical_length(text, &count);
		scope_free char *plain = plain_text(text, len);
		bool raw = depth || (*text == '\t' && after_rule);
		bool keep = raw ? len > strspn(text, " \t\r\n") : *plain;

		if (opens_define(plain))
			depth++;
		else if (depth && starts_with_word(plain, "endef"))
			depth--;
		else if (!raw && !opens_no_rule(plain))
			after_rule = true;
		if (keep)
			vec_push(lines, (struct makefile_line){.line = number,
							       .text = raw ? xstrndup(text, len)
									   : take_ptr(plain),
							       .raw = raw});
		text += len + (text[len] == '\n');
		number += count;
	}
}

void makefile_lines_free(struct makefile_line_vec *lines)
{
	vec_foreach(lines, it)
		free(it->text);
	vec_free(lines);
}

static bool lines_equal(const struct makefile_line *one, const struct makefile_line *two)
{
	return one->raw == two->raw && !strcmp(one->text, two->text);
}

/*
 * Finds the longest common subsequence of both rests; table[i][j] is its length for a[i…] and
 * b[j…].
 */
static void mark_differences(const struct makefile_line *a, size_t rows,
			     const struct makefile_line *b, size_t columns, bool *removed,
			     bool *added)
{
	size_t width = columns + 1;
	scope_free uint32_t *table = xcalloc((rows + 1) * width, sizeof(*table));
	size_t i = rows, j;

	while (i--) {
		for (j = columns; j--;) {
			uint32_t down = table[(i + 1) * width + j],
				 right = table[i * width + j + 1];

			if (lines_equal(&a[i], &b[j]))
				table[i * width + j] = table[(i + 1) * width + j + 1] + 1;
			else
				table[i * width + j] = down > right ? down : right;
		}
	}
	for (i = j = 0; i < rows || j < columns;) {
		if (i < rows && j < columns && lines_equal(&a[i], &b[j]))
			i++, j++;
		else if (j == columns ||
			 (i < rows && table[(i + 1) * width + j] >= table[i * width + j + 1]))
			removed[i++] = true;
		else
			added[j++] = true;
	}
}

void makefile_lines_compare(const struct makefile_line_vec *before,
			    const struct makefile_line_vec *after, bool *removed, bool *added)
{
	size_t first = 0, rows = before->len, columns = after->len;

	while (first < rows && first < columns &&
	       lines_equal(&before->data[first], &after->data[first]))
		first++;
	while (rows > first && columns > first &&
	       lines_equal(&before->data[rows - 1], &after->data[columns - 1]))
		rows--, columns--;
	rows -= first;
	columns -= first;
	if ((rows + 1) * (columns + 1) <= MAX_CELLS) {
		mark_differences(before->data + first, rows, after->data + first, columns,
				 removed + first, added + first);
		return;
	}
	memset(removed + first, true, rows);
	memset(added + first, true, columns);
}
