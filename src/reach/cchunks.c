/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts C into the chunks at its outer level, and compares two texts by these chunks. */
#include "reach/cchunks.h"

#include <stdlib.h>
#include <string.h>

#include "reach/hashes.h"

void clevel_step(struct clevel *level, const struct ctoken *token)
{
	if (token->kind != CTOKEN_OTHER || token->len != 1)
		return;
	switch (*token->text) {
	case '{':
		level->brace++;
		break;
	case '}':
		level->brace -= level->brace > 0;
		/* In kernel style, this ends any conditional that is still open. */
		if (token->first)
			*level = (struct clevel){};
		break;
	case '(':
		level->paren++;
		break;
	case ')':
		level->paren -= level->paren > 0;
		break;
	default:
		break;
	}
}

bool ctoken_is_aggregate(const struct ctoken *token)
{
	return token->kind == CTOKEN_NAME &&
	       (ctoken_is(token, "struct") || ctoken_is(token, "union") ||
		ctoken_is(token, "enum"));
}

/* Returns whether only a tag and attributes are between "struct" at index at and the brace. */
static bool cchunk_is_tag(const struct ctoken_vec *tokens, size_t at, size_t open)
{
	const struct ctoken *token = tokens->data;
	struct clevel level = {};
	unsigned names = 0;

	for (size_t i = at + 1; i < open; i++) {
		bool is_attribute =
			ctoken_is(&token[i], "__attribute__") || ctoken_is(&token[i], "__aligned");

		if (!level.paren && token[i].kind == CTOKEN_NAME && !is_attribute)
			names++;
		if (!level.paren && ctoken_is(&token[i], "(") &&
		    !ctoken_is(&token[i - 1], "__attribute__") &&
		    !ctoken_is(&token[i - 1], "__aligned"))
			return false;
		if (!level.paren && ctoken_is(&token[i], "*"))
			return false;
		clevel_step(&level, &token[i]);
	}
	return names <= 1;
}

bool ctokens_open_body(const struct ctoken_vec *tokens, size_t start, size_t open)
{
	const struct ctoken *at = tokens->data;
	struct clevel level = {};
	bool has_parens = false;

	for (size_t i = start; i < open; i++) {
		if (!level.paren && ctoken_is(&at[i], "="))
			return false;
		if (!level.paren && ctoken_is_aggregate(&at[i]) && cchunk_is_tag(tokens, i, open))
			return false;
		has_parens |= ctoken_is(&at[i], "(");
		clevel_step(&level, &at[i]);
	}
	return has_parens;
}

/* Returns the index of the last token of the directive that starts there. */
static size_t cdirective_last(const struct ctoken_vec *tokens, size_t start)
{
	size_t i = start;

	while (i + 1 < tokens->len && tokens->data[i].kind != CTOKEN_END)
		i++;
	return i;
}

/* Returns the index after the chunk that starts at `start`. */
static size_t cchunk_end(const struct ctoken_vec *tokens, size_t start)
{
	const struct ctoken *at = tokens->data;
	struct clevel level = {};
	bool in_body = false, in_directive = at[start].kind == CTOKEN_DIRECTIVE;

	for (size_t i = start; i < tokens->len; i++) {
		if (in_directive && at[i].kind == CTOKEN_END)
			return i + 1;
		if (in_directive)
			continue;
		/*
		 * Conditionals inside a chunk are part of it; between chunks they are chunks of
		 * their own.
		 */
		if (at[i].kind == CTOKEN_DIRECTIVE && !level.brace && !level.paren)
			return i;
		/* The braces of a macro that is defined in a function are not the function's. */
		if (at[i].kind == CTOKEN_DIRECTIVE) {
			i = cdirective_last(tokens, i);
			continue;
		}
		if (ctoken_is(&at[i], "{") && !level.brace && !level.paren)
			in_body = ctokens_open_body(tokens, start, i);
		clevel_step(&level, &at[i]);
		if (level.brace || level.paren)
			continue;
		if (ctoken_is(&at[i], ";") || (in_body && ctoken_is(&at[i], "}")))
			return i + 1;
	}
	return tokens->len;
}

void cchunks_cut(const struct ctoken_vec *tokens, struct cchunk_vec *chunks)
{
	for (size_t start = 0; start < tokens->len;) {
		size_t end = cchunk_end(tokens, start);

		vec_push(chunks, (struct cchunk){start, end, ctokens_hash(tokens, start, end)});
		start = end;
	}
}

/* ---- differences ---- */

static void cchunks_hashes(const struct cchunk_vec *chunks, struct hash_vec *hashes)
{
	vec_foreach(chunks, it)
		vec_push(hashes, it->hash);
	hashes_sort(hashes);
}

/* Collects the chunks whose hash the other side also has, or those that it lacks. */
static void cchunks_divide(const struct cchunk_vec *chunks, const struct hash_vec *other,
			   struct hash_vec *common, struct cchunk_vec *only)
{
	vec_foreach(chunks, it) {
		if (hashes_have(other, it->hash))
			vec_push(common, it->hash);
		else
			vec_push(only, *it);
	}
}

bool cchunks_differ(const struct cchunk_vec *before, const struct cchunk_vec *after,
		    struct cchunk_vec *only_before, struct cchunk_vec *only_after)
{
	struct hash_vec hashes_before = {}, hashes_after = {};
	struct hash_vec common_before = {}, common_after = {};

	cchunks_hashes(before, &hashes_before);
	cchunks_hashes(after, &hashes_after);
	cchunks_divide(before, &hashes_after, &common_before, only_before);
	cchunks_divide(after, &hashes_before, &common_after, only_after);

	bool same_order =
		common_before.len == common_after.len &&
		(!common_before.len || !memcmp(common_before.data, common_after.data,
					       common_before.len * sizeof(*common_before.data)));

	vec_free(&hashes_before);
	vec_free(&hashes_after);
	vec_free(&common_before);
	vec_free(&common_after);
	return same_order;
}
