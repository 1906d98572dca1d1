/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells functions from types and declarations. A type or a declaration cannot use what a function
 * does, except through typeof, so a function's change does not spread through one that has the same
 * word.
 */
#include "reach/chunk_kind.h"

#include "base/alloc.h"
#include "reach/changed_names.h"

/* Words by which a declaration may depend on an expression, or be assembler. */
static bool is_expression_word(const struct ctoken *token)
{
	static const char *const words[] = {"typeof",	     "__typeof__",  "__typeof",
					    "typeof_unqual", "__auto_type", "asm",
					    "__asm__",	     "__asm"};

	for (size_t i = 0; i < array_size(words); i++)
		if (ctoken_is(token, words[i]))
			return true;
	return false;
}

enum chunk_kind chunk_kind(const struct cfile *file, const struct cchunk *chunk)
{
	const struct ctoken *tokens = file->tokens.data;
	struct clevel level = {};
	bool is_type = false, has_brace = false;

	if (tokens[chunk->start].kind == CTOKEN_DIRECTIVE)
		return CHUNK_OTHER;
	/* A macro's call looks like a declaration without a type. */
	if (chunk->start + 1 < chunk->end && ctoken_is(&tokens[chunk->start + 1], "("))
		return CHUNK_OTHER;
	for (size_t i = chunk->start; i < chunk->end; i++) {
		bool is_outer = !level.brace && !level.paren;

		if (is_expression_word(&tokens[i]) || tokens[i].kind == CTOKEN_DIRECTIVE ||
		    (is_outer && ctoken_is(&tokens[i], "=")))
			return CHUNK_OTHER;
		is_type |= is_outer && ctoken_is_aggregate(&tokens[i]);
		if (is_outer && !has_brace && ctoken_is(&tokens[i], "{")) {
			has_brace = true;
			if (ctokens_open_body(&file->tokens, chunk->start, i))
				return CHUNK_FUNCTION;
		}
		clevel_step(&level, &tokens[i]);
	}
	return !has_brace || is_type ? CHUNK_PLAIN : CHUNK_OTHER;
}

/* Returns whether a declaration is a prototype of the name: "name (" outside of parentheses. */
static bool chunk_is_prototype(const struct cfile *file, const struct cchunk *chunk,
			       const char *name)
{
	const struct ctoken *tokens = file->tokens.data;
	struct clevel level = {};

	for (size_t i = chunk->start; i + 1 < chunk->end; i++) {
		if (!level.brace && !level.paren && ctoken_is(&tokens[i], name))
			return ctoken_is(&tokens[i + 1], "(");
		clevel_step(&level, &tokens[i]);
	}
	return false;
}

bool cfile_has_function(const struct cfile *file, const char *name)
{
	bool found = false;

	vec_foreach(&file->chunks, it) {
		enum chunk_kind kind = chunk_kind(file, it);
		scope_str_vec names = {};

		changed_names_add_chunk(file, it, &names);
		if (!str_vec_has(&names, name))
			continue;
		found = true;
		if (kind != CHUNK_FUNCTION &&
		    (kind != CHUNK_PLAIN || !chunk_is_prototype(file, it, name)))
			return false;
	}
	return found;
}
