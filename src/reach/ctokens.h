/* SPDX-License-Identifier: GPL-2.0-or-later */
/* C before the preprocessor, cut into tokens. */
#ifndef SUTURE_REACH_CTOKENS_H
#define SUTURE_REACH_CTOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

enum ctoken_kind {
	CTOKEN_NAME,	  /* identifiers and keywords */
	CTOKEN_OTHER,	  /* numbers, strings, and each character of punctuation */
	CTOKEN_PASTE,	  /* ## */
	CTOKEN_DIRECTIVE, /* the # that starts a directive */
	CTOKEN_END	  /* the end of a directive */
};

/* Tokens contain no comments and line continuations. */
struct ctoken {
	const char *text; /* points into the text that was cut */
	uint32_t len;
	enum ctoken_kind kind;
	bool first; /* it is in the first column */
};

struct ctoken_vec VEC(struct ctoken);

void ctokens_cut(const char *text, size_t size, struct ctoken_vec *tokens);

bool ctoken_is(const struct ctoken *token, const char *text);
uint64_t ctoken_hash(const struct ctoken *token);
/* Returns a hash of the tokens from start to end - 1. */
uint64_t ctokens_hash(const struct ctoken_vec *tokens, size_t start, size_t end);

#endif
