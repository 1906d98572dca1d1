/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start-up code that changes because a function changes that was compiled into it.  Had the
 * compiler left that function on its own, nobody would notice: what it did at start is past
 * either way.  To be told from a change that start-up code itself is subject to.
 */
#include "reach/only_inlined.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "reach/clevel.h"
#include "reach/ctext.h"

struct text {
	char *text;
	struct ctoken_vec tokens;
	struct cchunk_vec chunks;
};

static void text_free(struct text *text)
{
	free(text->text);
	vec_free(&text->tokens);
	vec_free(&text->chunks);
}

#define scope_text __attribute__((cleanup(text_free))) struct text

static struct err *text_read(const char *path, struct text *text)
{
	size_t size;

	err_try(file_read(path, &text->text, &size));
	ctokens_cut(text->text, size, &text->tokens);
	cchunks_cut(&text->tokens, &text->chunks);
	return NULL;
}

/* The index of the brace that opens a function's body; chunk->end when it defines none. */
static size_t body_of(const struct text *text, const struct cchunk *chunk)
{
	for (size_t i = chunk->start; i < chunk->end; i++)
		if (ctoken_is(&text->tokens.data[i], "{"))
			return cbrace_opens_body(&text->tokens, chunk->start, i) ? i : chunk->end;
	return chunk->end;
}

static bool has_token(const struct text *text, size_t start, size_t end, const char *name)
{
	for (size_t i = start; i < end; i++)
		if (ctoken_is(&text->tokens.data[i], name))
			return true;
	return false;
}

static bool starts_with(const struct ctoken *token, const char *prefix)
{
	return token->len >= strlen(prefix) && !strncmp(token->text, prefix, strlen(prefix));
}

/* The name before the parameters, past attributes that look like calls. */
static char *name_of(const struct text *text, size_t start, size_t open)
{
	const struct ctoken *at = text->tokens.data, *name = NULL;
	struct clevel level = {};

	for (size_t i = start; i < open; i++) {
		bool called = !level.paren && i > start && ctoken_is(&at[i], "(") &&
			      at[i - 1].kind == CTOKEN_NAME;

		if (called && (!name || starts_with(name, "__")))
			name = &at[i - 1];
		clevel_step(&level, &at[i]);
	}
	return name ? xstrndup(name->text, name->len) : NULL;
}

/* Code of a chunk that runs later than start, as far as its own words tell. */
static bool runs_later(const struct text *text, const struct cchunk *chunk)
{
	const struct ctoken *first = &text->tokens.data[chunk->start];
	size_t open = body_of(text, chunk);

	if (open < chunk->end)
		return !has_token(text, chunk->start, open, "__init");
	return has_token(text, chunk->start, chunk->end, "=") || starts_with(first, "EXPORT_");
}

/* Something besides start-up code can call the function that a chunk defines. */
static bool is_used_later(const struct text *text, const struct cchunk *chunk, size_t open)
{
	scope_free char *name = name_of(text, chunk->start, open);

	if (!name)
		return false;
	if (!has_token(text, chunk->start, open, "static"))
		return true;
	vec_foreach(&text->chunks, it)
		if (it->start != chunk->start && it->end > it->start && runs_later(text, it) &&
		    has_token(text, it->start, it->end, name))
			return true;
	return false;
}

/* Of the chunks that one side has alone: all are functions other than the given one, used later. */
static bool only_other_functions(const struct text *text, const struct cchunk_vec *chunks,
				 const char *function)
{
	vec_foreach(chunks, it) {
		size_t open = body_of(text, it);

		if (open == it->end || has_token(text, it->start, open, function) ||
		    has_token(text, it->start, open, "__init") || !is_used_later(text, it, open))
			return false;
	}
	return true;
}

static struct err *check_file(const struct changed_file *file, const char *function, bool *only)
{
	scope_text before = {};
	scope_text after = {};
	struct cchunk_vec only_before = {}, only_after = {};

	*only = file->before && file->after && str_ends(file->path, ".c");
	if (!*only)
		return NULL;
	err_try(text_read(file->before, &before));
	err_try(text_read(file->after, &after));
	*only = cchunks_differ(&before.chunks, &after.chunks, &only_before, &only_after) &&
		only_other_functions(&before, &only_before, function) &&
		only_other_functions(&after, &only_after, function);
	vec_free(&only_before);
	vec_free(&only_after);
	return NULL;
}

struct err *reach_only_inlined(const struct changed_file_vec *files, const char *function,
			       bool *only)
{
	*only = files->len;
	for (size_t i = 0; *only && i < files->len; i++)
		err_try(check_file(&files->data[i], function, only));
	return NULL;
}
