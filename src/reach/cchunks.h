/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * C before the preprocessor, cut into what stands at the outer level: directives, declarations,
 * definitions.  Enough to tell what a change of a header may reach; where the text is too clever,
 * the answers err to the side of "anything".
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
 * What two versions of a text differ in: the chunks that only one has.  False when what they
 * share has another order.
 */
bool cchunks_differ(const struct cchunk_vec *before, const struct cchunk_vec *after,
		    struct cchunk_vec *only_before, struct cchunk_vec *only_after);

/* How many braces and parentheses are open. */
struct clevel {
	int brace, paren;
};

void clevel_step(struct clevel *level, const struct ctoken *token);

/* struct, union or enum */
bool ctoken_is_aggregate(const struct ctoken *token);

/*
 * Whether the brace at index `open` starts a function's body: parentheses came before it at the
 * outer level, and neither an initialiser nor "struct x" right in front.
 */
bool cbrace_opens_body(const struct ctoken_vec *tokens, size_t start, size_t open);

#endif
