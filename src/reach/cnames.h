/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which names a chunk of C declares. */
#ifndef SUTURE_REACH_CNAMES_H
#define SUTURE_REACH_CNAMES_H

#include "reach/cchunks.h"

struct ctoken_ref_vec VEC(const struct ctoken *);

/*
 * The names that a chunk defines or declares, those through which code can depend on it.  False
 * when they cannot be told: conditionals, #include, macros that expand to declarations, and
 * definitions that every includer emits.
 */
bool cchunk_names(const struct ctoken_vec *tokens, const struct cchunk *chunk,
		  struct ctoken_ref_vec *names);

/* The same where a definition that every includer emits has names as any other. */
bool cchunk_declares(const struct ctoken_vec *tokens, const struct cchunk *chunk,
		     struct ctoken_ref_vec *names);

#endif
