/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the parts of which a type's spelling consists, and answers questions about them. */
#include "safety/spelling.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

void spelling_free(struct spelling *spelling)
{
	vec_foreach(spelling, it)
		free(it->text);
	vec_free(spelling);
}

/* A unit has tens of thousands of spellings, and most of them have one part or two. */
enum { USUAL_PARTS = 2 };

void spelling_add(struct spelling *spelling, enum spelling_kind kind, const char *text)
{
	spelling_add_sized(spelling, kind, text, 0, false);
}

void spelling_add_sized(struct spelling *spelling, enum spelling_kind kind, const char *text,
			uint64_t bytes, bool real)
{
	if (!spelling->cap) {
		spelling->data = xcalloc(USUAL_PARTS, sizeof(*spelling->data));
		spelling->cap = USUAL_PARTS;
	}
	vec_push(spelling, (struct spelling_part){kind, xstrdup(text), bytes, real});
}

void spelling_append(struct spelling *spelling, struct spelling *extra)
{
	vec_foreach(extra, it)
		vec_push(spelling, *it);
	vec_free(extra);
}

char *spelling_text(const struct spelling *spelling)
{
	scope_strbuf out = STRBUF_INIT;

	vec_foreach(spelling, it)
		strbuf_addstr(&out, it->text);
	return strbuf_detach(&out);
}

static bool is_qualifier(const struct spelling_part *part)
{
	return part->kind == SPELLING_CONST || part->kind == SPELLING_VOLATILE;
}

bool spelling_ends_in_pointer(const struct spelling *spelling)
{
	return spelling->len && spelling->data[spelling->len - 1].kind == SPELLING_POINTER;
}

bool spelling_is_pointer(const struct spelling *spelling)
{
	vec_foreach(spelling, it)
		if (it->kind == SPELLING_CALL)
			return false;
	return spelling_ends_in_pointer(spelling);
}

bool spelling_is_void_pointer(const struct spelling *spelling)
{
	const struct spelling_part *first = spelling_first(spelling);

	return first && first->kind == SPELLING_OTHER && !strcmp(first->text, "void") &&
	       first + 2 == spelling->data + spelling->len && first[1].kind == SPELLING_POINTER;
}

const struct spelling_part *spelling_first(const struct spelling *spelling)
{
	vec_foreach(spelling, it)
		if (!is_qualifier(it))
			return it;
	return NULL;
}

const char *spelling_only_name(const struct spelling *spelling)
{
	const struct spelling_part *first = spelling_first(spelling);

	return first && first->kind == SPELLING_TYPE && first + 1 == spelling->data + spelling->len
		       ? first->text
		       : NULL;
}
