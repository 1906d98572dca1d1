/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds types that were only renamed, and judges how alike two spellings of types are. */
#include "safety/versions.h"

#include <string.h>

#include "safety/kernel_types.h"

/* Types with a single member are unwrapped to this depth. */
#define MAX_DEPTH 8

/* ---- spellings ---- */

/* Returns the next part, at or behind *at, that says how memory is read; NULL if there is none. */
static const struct spelling_part *next_part(const struct spelling *spelling, size_t *at)
{
	while (*at < spelling->len) {
		const struct spelling_part *part = &spelling->data[(*at)++];

		if (part->kind != SPELLING_CONST && part->kind != SPELLING_VOLATILE)
			return part;
	}
	return NULL;
}

static bool is_whole_number(const struct spelling_part *part)
{
	return part->kind == SPELLING_ENUM || (part->kind == SPELLING_NUMBER && !part->real);
}

/* Returns the text of a part of an old spelling, with the new name of a type that was renamed. */
static const char *new_text(const struct type_versions *versions, const struct spelling_part *part)
{
	if (part->kind == SPELLING_TYPE || part->kind == SPELLING_ENUM)
		vec_foreach(&versions->renamed, it)
			if (!strcmp(part->text, it->before->name))
				return it->after->name;
	return part->text;
}

/* Returns whether an old and a new spelling differ in qualifiers only. */
static bool is_same_spelling(const struct type_versions *versions, const struct spelling *before,
			     const struct spelling *after)
{
	size_t i = 0, k = 0;
	const struct spelling_part *a, *b;

	do {
		a = next_part(before, &i);
		b = next_part(after, &k);
		if (a && b && strcmp(new_text(versions, a), b->text) != 0)
			return false;
	} while (a && b);
	return !a && !b;
}

/*
 * Returns whether two spellings differ at most in the signs and kinds of whole numbers of one size.
 */
static bool is_like_spelling(const struct spelling *before, const struct spelling *after)
{
	size_t i = 0, k = 0;
	const struct spelling_part *a, *b;

	do {
		a = next_part(before, &i);
		b = next_part(after, &k);
		if (!a || !b)
			break;
		if (is_whole_number(a) && is_whole_number(b) ? a->bytes != b->bytes
							     : strcmp(a->text, b->text) != 0)
			return false;
	} while (true);
	return !a && !b;
}

/* Returns the spelling of the only member of a type, such as "int" for "atomic_t"; or the spelling
 * itself. */
static const struct spelling *unwrap(const struct unit_types *types,
				     const struct spelling *spelling)
{
	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		const char *name = spelling_only_name(spelling);
		const struct type *type = name ? unit_types_find(types, name) : NULL;
		const struct type_member *only;

		if (!type || type->kind == TYPE_ENUM || type->members.len != 1)
			break;
		only = &type->members.data[0];
		if (only->is_constant || only->at || only->bits != 8 * type->size)
			break;
		spelling = &only->spelling;
	}
	return spelling;
}

enum type_likeness type_likeness(const struct type_versions *versions,
				 const struct spelling *before, const struct spelling *after)
{
	if (!before->len || !after->len)
		return before->len == after->len ? TYPE_SAME : TYPE_OTHER;
	if (is_same_spelling(versions, before, after))
		return TYPE_SAME;
	if (is_like_spelling(unwrap(versions->pre, before), unwrap(versions->post, after)) ||
	    (spelling_is_pointer(before) && spelling_is_pointer(after) &&
	     (spelling_is_void_pointer(before) || spelling_is_void_pointer(after))))
		return TYPE_LIKE;
	return TYPE_OTHER;
}

/* ---- names ---- */

const struct type *type_before(const struct type_versions *versions, const struct type *after)
{
	vec_foreach(&versions->renamed, it)
		if (it->after == after)
			return it->before;
	return unit_types_find(versions->pre, after->name);
}

static unsigned common_members(const struct type *a, const struct type *b)
{
	unsigned common = 0;

	vec_foreach(&a->members, it) {
		bool found = false;

		vec_foreach(&b->members, other)
			found |= !strcmp(it->name, other->name);
		common += *it->name && found;
	}
	return common;
}

/* Returns whether a removed type could be the new one under its old name. */
static bool could_be(const struct type_versions *versions, const struct type *before,
		     const struct type *after)
{
	if (!before || before->kind != after->kind || before->kind == TYPE_TYPEDEF ||
	    before->naming == TYPE_BY_NOTHING || unit_types_find(versions->post, before->name))
		return false;
	vec_foreach(&versions->renamed, it)
		if (it->before == before)
			return false;
	/* An unnamed structure of a variable that got a name may have moved to another file. */
	return before->naming == TYPE_BY_VARIABLE ||
	       (before->file && after->file && !strcmp(before->file, after->file));
}

static const struct type *by_members(const struct type_versions *versions,
				     const struct type_vec *gone, const struct type *after)
{
	const struct type *best = NULL;
	unsigned most = 0;

	vec_foreach(gone, it) {
		unsigned common;

		if (!after->file || !could_be(versions, *it, after))
			continue;
		common = common_members(*it, after);
		if (common <= most || 2 * common <= (*it)->members.len)
			continue;
		most = common;
		best = *it;
	}
	return best;
}

/* Returns whether the type of that name is part of the spelling, and no function is. */
static bool spells(const struct spelling *spelling, const char *name)
{
	bool found = false;

	vec_foreach(spelling, it) {
		if (it->kind == SPELLING_CALL)
			return false;
		found |= (it->kind == SPELLING_TYPE || it->kind == SPELLING_ENUM) &&
			 !strcmp(it->text, name);
	}
	return found;
}

/* Returns the type whose name the spelling begins with, or NULL. */
static const struct type *spelled(const struct unit_types *types, const struct spelling *spelling)
{
	const struct spelling_part *first = spelling_first(spelling);

	return first ? unit_types_find(types, first->text) : NULL;
}

static const struct type *by_member(const struct type_versions *versions, const struct type *after)
{
	vec_foreach(&versions->post->types, it) {
		const struct type *holder = type_before(versions, *it);

		vec_foreach(&(*it)->members, member) {
			if (!holder || !spells(&member->spelling, after->name))
				continue;
			vec_foreach(&holder->members, was) {
				const struct type *before = spelled(versions->pre, &was->spelling);

				if (*was->name && !strcmp(was->name, member->name) &&
				    could_be(versions, before, after))
					return before;
			}
		}
	}
	return NULL;
}

static const struct type *by_variable(const struct type_versions *versions,
				      const struct type *after)
{
	vec_foreach(&versions->post->variables, it) {
		const struct type_variable *was = unit_types_find_variable(versions->pre, it->name);
		const struct type *before =
			was && was->named ? unit_types_find(versions->pre, was->named) : NULL;

		/* The compiler numbers static locals, so their names do not identify them. */
		if (it->named && !strcmp(it->named, after->name) && !strchr(it->name, '.') &&
		    could_be(versions, before, after))
			return before;
	}
	return NULL;
}

static const struct type *of_local(const struct type_versions *versions, const char *function,
				   const char *local)
{
	const struct type_function *was = unit_types_find_function(versions->pre, function);

	if (was)
		vec_foreach(&was->locals, it)
			if (!strcmp(it->name, local))
				return unit_types_find(versions->pre, it->type);
	return NULL;
}

static const struct type *by_local(const struct type_versions *versions, const struct type *after)
{
	vec_foreach(&versions->post->functions, function) {
		vec_foreach(&(*function)->locals, it) {
			const struct type *before;

			if (strcmp(it->type, after->name) != 0)
				continue;
			before = of_local(versions, (*function)->name, it->name);
			if (could_be(versions, before, after))
				return before;
		}
	}
	return NULL;
}

static const struct type *versions_predecessor(const struct type_versions *versions,
					       const struct type_vec *gone,
					       const struct type *after)
{
	const struct type *before;
	bool any = false;

	vec_foreach(gone, it)
		any |= could_be(versions, *it, after);
	if (!any)
		return NULL;
	before = by_variable(versions, after);
	if (!before)
		before = by_member(versions, after);
	if (!before)
		before = by_local(versions, after);
	return before ? before : by_members(versions, gone, after);
}

static void find_renamed(struct type_versions *versions, const struct type_vec *gone,
			 const struct kernel_types *kernel)
{
	vec_foreach(&versions->post->types, it) {
		const struct type *before;
		bool same;

		if ((*it)->kind == TYPE_TYPEDEF || type_before(versions, *it) ||
		    (kernel && kernel_types_match(kernel, *it, &same)))
			continue;
		before = versions_predecessor(versions, gone, *it);
		if (before)
			vec_push(&versions->renamed, (struct type_rename){before, *it});
	}
}

void type_versions_init(struct type_versions *versions, const struct unit_types *pre,
			const struct unit_types *post, const struct kernel_types *kernel)
{
	struct type_vec gone = {};
	size_t found;

	*versions = (struct type_versions){.pre = pre, .post = post};
	vec_foreach(&pre->types, it)
		if (!unit_types_find(post, (*it)->name))
			vec_push(&gone, *it);
	do { /* a type that contains a renamed type may itself be renamed */
		found = versions->renamed.len;
		find_renamed(versions, &gone, kernel);
	} while (versions->renamed.len != found);
	vec_free(&gone);
}

void type_versions_free(struct type_versions *versions)
{
	vec_free(&versions->renamed);
}
