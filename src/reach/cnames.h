/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the names that a chunk of C declares. */
#ifndef SUTURE_REACH_CNAMES_H
#define SUTURE_REACH_CNAMES_H

#include "reach/cchunks.h"

struct ctoken_ref_vec VEC(const struct ctoken *);

/*
 * Lists the names that a chunk defines or declares and through which code can depend on it. Returns
 * false if they cannot be determined: for conditionals, #include, macros that expand to
 * declarations, and definitions that every includer emits.
 */
bool cchunk_names(const struct ctoken_vec *tokens, const struct cchunk *chunk,
		  struct ctoken_ref_vec *names);

/* Does the same as cchunk_names(), but treats a definition that every includer emits like any
 * other. */
bool cchunk_declares(const struct ctoken_vec *tokens, const struct cchunk *chunk,
		     struct ctoken_ref_vec *names);

#endif
