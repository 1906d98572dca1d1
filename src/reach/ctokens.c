/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts C before the preprocessor into tokens, and drops comments and line continuations. */
#include "reach/ctokens.h"

#include <ctype.h>
#include <string.h>
#include <xxhash.h>

struct token_cutter {
	const char *text, *pos, *end;
	bool line_start;   /* only blanks were read since the last newline */
	bool in_directive; /* a newline ends it */
	struct ctoken_vec *tokens;
};

static bool cut_is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static size_t cut_left(const struct token_cutter *cut)
{
	return cut->end - cut->pos;
}

/* Returns whether a backslash and newline at pos continue the line. */
static size_t cut_continuation(const struct token_cutter *cut)
{
	if (cut_left(cut) >= 2 && cut->pos[0] == '\\' && cut->pos[1] == '\n')
		return 2;
	if (cut_left(cut) >= 3 && !memcmp(cut->pos, "\\\r\n", 3))
		return 3;
	return 0;
}

static void cut_line_comment(struct token_cutter *cut)
{
	while (cut->pos < cut->end && *cut->pos != '\n') {
		size_t skip = cut_continuation(cut);

		cut->pos += skip ? skip : 1;
	}
}

static void cut_block_comment(struct token_cutter *cut)
{
	const char *close = memmem(cut->pos + 2, cut_left(cut) - 2, "*/", 2);

	cut->pos = close ? close + 2 : cut->end;
}

/* Skips text that is no token; returns true if there was some. */
static bool cut_space(struct token_cutter *cut)
{
	size_t skip = cut_continuation(cut);

	if (skip) {
		cut->pos += skip;
	} else if (cut_left(cut) >= 2 && !memcmp(cut->pos, "//", 2)) {
		cut_line_comment(cut);
	} else if (cut_left(cut) >= 2 && !memcmp(cut->pos, "/*", 2)) {
		cut_block_comment(cut);
	} else if (*cut->pos != '\n' && isspace((unsigned char)*cut->pos)) {
		cut->pos++;
	} else {
		return false;
	}
	return true;
}

static void cut_push(struct token_cutter *cut, const char *start, enum ctoken_kind kind)
{
	vec_push(cut->tokens, (struct ctoken){
				      .text = start,
				      .len = cut->pos - start,
				      .kind = kind,
				      .first = start == cut->text || start[-1] == '\n',
			      });
}

static void cut_end_line(struct token_cutter *cut)
{
	const char *start = cut->pos++;

	if (cut->in_directive) {
		cut_push(cut, start, CTOKEN_END);
		cut->tokens->data[cut->tokens->len - 1].len = 0;
	}
	cut->in_directive = false;
	cut->line_start = true;
}

static void cut_quoted(struct token_cutter *cut)
{
	char quote = *cut->pos++;

	while (cut->pos < cut->end && *cut->pos != quote && *cut->pos != '\n')
		cut->pos += *cut->pos == '\\' && cut_left(cut) > 1 ? 2 : 1;
	if (cut->pos < cut->end && *cut->pos == quote)
		cut->pos++;
}

static void cut_token(struct token_cutter *cut)
{
	const char *start = cut->pos;
	char c = *start;

	if (c == '#' && cut->line_start) {
		cut->pos++;
		cut->in_directive = true;
		cut_push(cut, start, CTOKEN_DIRECTIVE);
	} else if (c == '#' && cut_left(cut) > 1 && start[1] == '#') {
		cut->pos += 2;
		cut_push(cut, start, CTOKEN_PASTE);
	} else if (cut_is_name_char(c)) {
		while (cut->pos < cut->end && cut_is_name_char(*cut->pos))
			cut->pos++;
		cut_push(cut, start, isdigit((unsigned char)c) ? CTOKEN_OTHER : CTOKEN_NAME);
	} else if (c == '"' || c == '\'') {
		cut_quoted(cut);
		cut_push(cut, start, CTOKEN_OTHER);
	} else {
		cut->pos++;
		cut_push(cut, start, CTOKEN_OTHER);
	}
	cut->line_start = false;
}

void ctokens_cut(const char *text, size_t size, struct ctoken_vec *tokens)
{
	struct token_cutter cut = {text, text, text + size, true, false, tokens};

	while (cut.pos < cut.end) {
		if (*cut.pos == '\n')
			cut_end_line(&cut);
		else if (!cut_space(&cut))
			cut_token(&cut);
	}
	if (cut.in_directive) {
		cut.pos = cut.end;
		cut_push(&cut, cut.end, CTOKEN_END);
	}
}

bool ctoken_is(const struct ctoken *token, const char *text)
{
	return strlen(text) == token->len && !memcmp(token->text, text, token->len);
}

uint64_t ctoken_hash(const struct ctoken *token)
{
	return XXH3_64bits(token->text, token->len);
}

uint64_t ctokens_hash(const struct ctoken_vec *tokens, size_t start, size_t end)
{
	uint64_t hash = 0;

	for (size_t i = start; i < end; i++)
		hash = (hash ^ ctoken_hash(&tokens->data[i])) * 0x9e3779b97f4a7c15u + 1;
	return hash;
}
