/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on the text of changed files.  The objects tell what the code does, but not that
 * a structure has grown under data that is already there.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/safety.h"

/* A structure's or union's definition, white space and comments taken out. */
struct definition {
	char *name; /* "struct foo" */
	char *body;
};

struct definition_vec VEC(struct definition);

static void definitions_free(struct definition_vec *definitions)
{
	vec_foreach(definitions, it) {
		free(it->name);
		free(it->body);
	}
	vec_free(definitions);
}

/* Past a string or character literal that starts at text. */
static const char *skip_literal(const char *text)
{
	char quote = *text++;

	while (*text && *text != quote && *text != '\n')
		text += *text == '\\' && text[1] ? 2 : 1;
	return *text ? text + 1 : text;
}

/* Past white space, comments and preprocessor lines (which may go on behind a backslash). */
static const char *skip_space(const char *text, bool *line_start)
{
	for (;;) {
		if (*text == '\n') {
			*line_start = true;
			text++;
		} else if (isspace((unsigned char)*text)) {
			text++;
		} else if (!strncmp(text, "/*", 2)) {
			const char *end = strstr(text + 2, "*/");

			text = end ? end + 2 : text + strlen(text);
		} else if (!strncmp(text, "//", 2) || (*text == '#' && *line_start)) {
			while (*text && (*text != '\n' || text[-1] == '\\'))
				text++;
		} else {
			return text;
		}
	}
}

/* The next word or mark; false at the end. */
static bool next_token(const char **text, bool *line_start, struct strbuf *token)
{
	const char *start = skip_space(*text, line_start), *end = start;

	strbuf_reset(token);
	if (!*start)
		return false;
	*line_start = false;
	if (*start == '"' || *start == '\'')
		end = skip_literal(start);
	else if (isalnum((unsigned char)*start) || *start == '_')
		while (isalnum((unsigned char)*end) || *end == '_')
			end++;
	else
		end++;
	strbuf_add(token, start, end - start);
	*text = end;
	return true;
}

/* The tokens up to the brace that closes the one just read. */
static char *read_body(const char *text, bool line_start)
{
	scope_strbuf body = STRBUF_INIT;
	scope_strbuf token = STRBUF_INIT;
	unsigned depth = 1;

	while (next_token(&text, &line_start, &token)) {
		if (!strcmp(token.buf, "{"))
			depth++;
		else if (!strcmp(token.buf, "}") && !--depth)
			break;
		strbuf_addf(&body, "%s ", token.buf);
	}
	return strbuf_detach(&body);
}

static void find_definitions(const char *text, struct definition_vec *definitions)
{
	scope_strbuf token = STRBUF_INIT;
	scope_strbuf before = STRBUF_INIT; /* the two tokens before it */
	scope_strbuf kind = STRBUF_INIT;
	bool line_start = true;

	while (next_token(&text, &line_start, &token)) {
		bool keyword = !strcmp(kind.buf, "struct") || !strcmp(kind.buf, "union");

		if (keyword && !strcmp(token.buf, "{") && isalpha((unsigned char)*before.buf))
			vec_push(definitions,
				 (struct definition){
					 .name = xasprintf("%s %s", kind.buf, before.buf),
					 .body = read_body(text, line_start),
				 });
		strbuf_reset(&kind);
		strbuf_addstr(&kind, before.buf);
		strbuf_reset(&before);
		strbuf_addstr(&before, token.buf);
	}
}

void safety_check_source(const char *file, const char *before, const char *after,
			 struct finding_vec *findings)
{
	__attribute__((cleanup(definitions_free))) struct definition_vec old = {};
	__attribute__((cleanup(definitions_free))) struct definition_vec new = {};

	find_definitions(before, &old);
	find_definitions(after, &new);
	vec_foreach(&old, a)
		vec_foreach(&new, b)
			if (!strcmp(a->name, b->name) && strcmp(a->body, b->body))
				finding_add(
					findings, "layout-changed", file, a->name,
					"make sure that none of its objects outlives the loading, "
					"or keep what is added in a shadow variable "
					"(klp_shadow_alloc())",
					"its members change: objects that exist when the patch is "
					"loaded keep their old layout and size, code outside the "
					"patch its old offsets");
}
