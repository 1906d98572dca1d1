/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * C before the preprocessor, cut into tokens, and those into what stands at the outer level:
 * directives, declarations, definitions.  Enough to tell what a change of a header may reach;
 * where the text is too clever, the answers err to the side of "anything".
 */
#ifndef SUTURE_REACH_CTEXT_H
#define SUTURE_REACH_CTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

enum ctoken_kind {
	CTOKEN_NAME,  /* identifiers and keywords */
	CTOKEN_OTHER, /* numbers, strings, punctuation: one character but for numbers, strings */
	CTOKEN_PASTE, /* ## */
	CTOKEN_DIRECTIVE, /* the # that starts a directive */
	CTOKEN_END	  /* of a directive */
};

/* Comments and line continuations are gone. */
struct ctoken {
	const char *text; /* in the text that was cut */
	uint32_t len;
	enum ctoken_kind kind;
	bool first; /* in the first column */
};

struct ctoken_vec VEC(struct ctoken);

void ctokens_cut(const char *text, size_t size, struct ctoken_vec *tokens);

bool ctoken_is(const struct ctoken *token, const char *text);
uint64_t ctoken_hash(const struct ctoken *token);

/* One thing at the outer level: tokens [start, end). */
struct cchunk {
	size_t start, end;
	uint64_t hash; /* of its tokens */
};

struct cchunk_vec VEC(struct cchunk);

void cchunks_cut(const struct ctoken_vec *tokens, struct cchunk_vec *chunks);

struct ctoken_ref_vec VEC(const struct ctoken *);

/*
 * The names that a chunk defines or declares, those through which code can depend on it.  False
 * when they cannot be told: conditionals, #include, macros that expand to declarations, and
 * definitions that every includer emits.
 */
bool cchunk_names(const struct ctoken_vec *tokens, const struct cchunk *chunk,
		  struct ctoken_ref_vec *names);

/*
 * What two versions of a text differ in: the chunks that only one has.  False when what they
 * share has another order.
 */
bool cchunks_differ(const struct cchunk_vec *before, const struct cchunk_vec *after,
		    struct cchunk_vec *only_before, struct cchunk_vec *only_after);

#endif
