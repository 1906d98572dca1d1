/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_REACH_CLEVEL_H
#define SUTURE_REACH_CLEVEL_H

#include "reach/ctext.h"

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
