/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recognises code that runs at boot and changes only because a function inlined into it changes.
 * Without inlining, the change would not matter: the work at boot is already done. A change of the
 * boot code itself is different.
 */
#include "reach/only_inlined.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "reach/cfile.h"

/*
 * Returns the index of the brace that opens a function's body; chunk->end if the chunk defines no
 * function.
 */
static size_t inlined_body(const struct cfile *text, const struct cchunk *chunk)
{
	for (size_t i = chunk->start; i < chunk->end; i++)
		if (ctoken_is(&text->tokens.data[i], "{"))
			return ctokens_open_body(&text->tokens, chunk->start, i) ? i : chunk->end;
	return chunk->end;
}

static bool inlined_has_token(const struct cfile *text, size_t start, size_t end, const char *name)
{
	for (size_t i = start; i < end; i++)
		if (ctoken_is(&text->tokens.data[i], name))
			return true;
	return false;
}

static bool inlined_starts_with(const struct ctoken *token, const char *prefix)
{
	return token->len >= strlen(prefix) && !strncmp(token->text, prefix, strlen(prefix));
}

/* Returns the name before the parameters, after attributes that look like calls. */
static char *inlined_name(const struct cfile *text, size_t start, size_t open)
{
	const struct ctoken *at = text->tokens.data, *name = NULL;
	struct clevel level = {};

	for (size_t i = start; i < open; i++) {
		bool called = !level.paren && i > start && ctoken_is(&at[i], "(") &&
			      at[i - 1].kind == CTOKEN_NAME;

		if (called && (!name || inlined_starts_with(name, "__")))
			name = &at[i - 1];
		clevel_step(&level, &at[i]);
	}
	return name ? xstrndup(name->text, name->len) : NULL;
}

/* Returns whether a chunk's code runs later than boot, as far as its own words show. */
static bool inlined_runs_later(const struct cfile *text, const struct cchunk *chunk)
{
	const struct ctoken *first = &text->tokens.data[chunk->start];
	size_t open = inlined_body(text, chunk);

	if (open < chunk->end)
		return !inlined_has_token(text, chunk->start, open, "__init");
	return inlined_has_token(text, chunk->start, chunk->end, "=") ||
	       inlined_starts_with(first, "EXPORT_");
}

/* Returns whether code other than boot code can call the function that a chunk defines. */
static bool inlined_is_used_later(const struct cfile *text, const struct cchunk *chunk, size_t open)
{
	scope_free char *name = inlined_name(text, chunk->start, open);

	if (!name)
		return false;
	if (!inlined_has_token(text, chunk->start, open, "static"))
		return true;
	vec_foreach(&text->chunks, it)
		if (it->start != chunk->start && it->end > it->start &&
		    inlined_runs_later(text, it) &&
		    inlined_has_token(text, it->start, it->end, name))
			return true;
	return false;
}

/*
 * Returns whether all chunks that only one side has are functions other than the given one that are
 * used after boot.
 */
static bool inlined_only_others(const struct cfile *text, const struct cchunk_vec *chunks,
				const char *function)
{
	vec_foreach(chunks, it) {
		size_t open = inlined_body(text, it);

		if (open == it->end || inlined_has_token(text, it->start, open, function) ||
		    inlined_has_token(text, it->start, open, "__init") ||
		    !inlined_is_used_later(text, it, open))
			return false;
	}
	return true;
}

static struct err *inlined_check_file(const struct changed_file *file, const char *function,
				      bool *only)
{
	scope_cfile before = {};
	scope_cfile after = {};
	struct cchunk_vec only_before = {}, only_after = {};

	*only = file->before && file->after && str_ends(file->path, ".c");
	if (!*only)
		return NULL;
	err_try(cfile_read(file->before, &before));
	err_try(cfile_read(file->after, &after));
	*only = cchunks_differ(&before.chunks, &after.chunks, &only_before, &only_after) &&
		inlined_only_others(&before, &only_before, function) &&
		inlined_only_others(&after, &only_after, function);
	vec_free(&only_before);
	vec_free(&only_after);
	return NULL;
}

struct err *reach_only_inlined(const struct changed_file_vec *files, const char *function,
			       bool *only)
{
	*only = files->len;
	for (size_t i = 0; *only && i < files->len; i++)
		err_try(inlined_check_file(&files->data[i], function, only));
	return NULL;
}
