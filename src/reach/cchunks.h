/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cuts C before the preprocessor into the chunks at its outer level: directives, declarations,
 * definitions. This is enough to tell what a change of a header may reach; where the text is too
 * complicated, the answer is "anything".
 */
#ifndef SUTURE_REACH_CCHUNKS_H
#define SUTURE_REACH_CCHUNKS_H

#include "reach/ctokens.h"

/* One thing at the outer level: tokens [start, end). */
struct cchunk {
	size_t start, end;
	uint64_t hash; /* of its tokens */
};

struct cchunk_vec VEC(struct cchunk);

void cchunks_cut(const struct ctoken_vec *tokens, struct cchunk_vec *chunks);

/*
 * Finds the chunks that only one of two versions has. Returns false if the chunks that both have
 * are in another order.
 */
bool cchunks_differ(const struct cchunk_vec *before, const struct cchunk_vec *after,
		    struct cchunk_vec *only_before, struct cchunk_vec *only_after);

/* The numbers of open braces and parentheses. */
struct clevel {
	int brace, paren;
};

void clevel_step(struct clevel *level, const struct ctoken *token);

/* Returns whether the token is struct, union or enum. */
bool ctoken_is_aggregate(const struct ctoken *token);

/*
 * Returns whether the brace at index `open` starts a function's body: there were parentheses before
 * it at the outer level, and neither an initialiser nor "struct x" right before it.
 */
bool ctokens_open_body(const struct ctoken_vec *tokens, size_t start, size_t open);

#endif
