/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the #include lines of a text, whatever the conditions around them. */
#include "reach/include_scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void include_line_vec_free(struct include_line_vec *includes)
{
	vec_foreach(includes, it)
		free(it->name);
	vec_free(includes);
}

static const char *scan_skip_blanks(const char *at, const char *end)
{
	while (at < end && isblank((unsigned char)*at))
		at++;
	return at;
}

/* Reads "name" or <name> at `at`. */
static bool scan_take_name(const char *at, const char *end, struct include_line_vec *includes)
{
	if (at >= end || (*at != '"' && *at != '<'))
		return false;

	const char *close = memchr(at + 1, *at == '"' ? '"' : '>', end - at - 1);

	if (!close || close == at + 1)
		return false;
	vec_push(includes, (struct include_line){.name = xstrndup(at + 1, close - at - 1),
						 .quoted = *at == '"'});
	return true;
}

/* Reads the macro's value in "#define …INCLUDE… <value>"; word is the place of INCLUDE. */
static void scan_take_macro(const char *line, const char *word, const char *end,
			    struct include_line_vec *includes)
{
	if (end - line < 6 || memcmp(line, "define", 6))
		return;
	while (word < end && (isalnum((unsigned char)*word) || *word == '_'))
		word++;
	scan_take_name(scan_skip_blanks(word, end), end, includes);
}

/* Reads the line around `word`, which is "include" or "INCLUDE" somewhere in the text. */
static void scan_take_line(const char *text, const char *word, const char *text_end,
			   struct include_line_vec *includes)
{
	const char *line = word;
	const char *end = memchr(word, '\n', text_end - word);

	if (!end)
		end = text_end;
	while (line > text && line[-1] != '\n')
		line--;
	line = scan_skip_blanks(line, end);
	if (line >= end || *line != '#')
		return;
	line = scan_skip_blanks(line + 1, end);
	if (line == word && *word == 'i')
		scan_take_name(scan_skip_blanks(word + strlen("include"), end), end, includes);
	else if (*word == 'I')
		scan_take_macro(line, word, end, includes);
}

static void scan_word(const char *text, size_t size, const char *word,
		      struct include_line_vec *includes)
{
	const char *end = text + size;
	size_t len = strlen(word);

	for (const char *at = text; (at = memmem(at, end - at, word, len)); at += len)
		scan_take_line(text, at, end, includes);
}

void include_lines_scan(const char *text, size_t size, struct include_line_vec *includes)
{
	if (!size)
		return;
	scan_word(text, size, "include", includes);
	scan_word(text, size, "INCLUDE", includes);
}
