/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two versions of a file of C chunk by chunk, and lists the names that differ. */
#include "reach/changed_names.h"

#include "base/alloc.h"
#include "reach/cnames.h"

bool changed_names_add_chunk(const struct cfile *file, const struct cchunk *chunk,
			     struct str_vec *names)
{
	struct ctoken_ref_vec refs = {};
	bool known = cchunk_names(&file->tokens, chunk, &refs);

	vec_foreach(&refs, it)
		vec_push(names, xstrndup((*it)->text, (*it)->len));
	vec_free(&refs);
	return known;
}

struct err *changed_names_find(const char *before, const char *after, struct str_vec *names,
			       bool *known)
{
	scope_cfile one = {};
	scope_cfile two = {};
	struct cchunk_vec only_one = {}, only_two = {};

	err_try(cfile_read(before, &one));
	err_try(cfile_read(after, &two));
	*known = cchunks_differ(&one.chunks, &two.chunks, &only_one, &only_two);
	vec_foreach(&only_one, it)
		*known &= changed_names_add_chunk(&one, it, names);
	vec_foreach(&only_two, it)
		*known &= changed_names_add_chunk(&two, it, names);
	vec_free(&only_one);
	vec_free(&only_two);
	return NULL;
}
