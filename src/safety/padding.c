/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds space that a structure leaves unused, for the members that its new version adds. Where the
 * old definition with these members has the old layout, objects that exist stay valid.
 */
#include "safety/padding.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "safety/layout.h"

/* A member of either version, and the old member behind whose declaration its own stands. */
struct padding_member {
	const char *anchor;
	int64_t at, end; /* bits */
};

struct fitting {
	const struct type_versions *versions;
	const struct type *before, *after;
	struct VEC(struct padding_member) placed; /* the old members, and the added ones so far */
};

/* Types that hold nothing if they are zero, and are unlocked. */
static const char *const zero_types[] = {
	"atomic_t",	   "atomic64_t",	  "spinlock_t",
	"struct spinlock", "struct raw_spinlock", "raw_spinlock_t",
};

/* Returns whether the member is a number, a pointer to data or one of zero_types, in whole bytes.
 */
static bool padding_may_be_zero(const struct type_member *member)
{
	const struct spelling *spelling = &member->spelling;
	const struct spelling_part *first = spelling_first(spelling);
	uint64_t bits = member->bits;

	if (!first || !*member->name || member->at % 8 ||
	    (bits != 8 && bits != 16 && bits != 32 && bits != 64))
		return false;
	if (first + 1 == spelling->data + spelling->len &&
	    (first->kind == SPELLING_NUMBER || first->kind == SPELLING_ENUM))
		return true;
	return spelling_is_pointer(spelling) ||
	       str_is_among(spelling_only_name(spelling), zero_types, array_size(zero_types));
}

static bool padding_is_free(const struct fitting *fitting, int64_t at, int64_t end)
{
	vec_foreach(&fitting->placed, it)
		if (it->at < end && at < it->end)
			return false;
	return end <= 8 * (int64_t)fitting->before->size;
}

/* Places a member behind the first one where it is as the compiler would put it there. */
static bool padding_place(struct fitting *fitting, const struct type_member *member,
			  struct type_fit_vec *fits)
{
	int64_t size = member->bits;

	for (size_t i = 0; i < fitting->placed.len; i++) {
		/* A copy, since vec_push() may move the members. */
		const struct padding_member behind = fitting->placed.data[i];
		int64_t at = (behind.end + size - 1) / size * size;

		/*
		 * Another member before the place would be declared behind the new one, and move.
		 * Behind an array without elements, which ends a structure, nothing may stand.
		 */
		if (!*behind.anchor || behind.at == behind.end ||
		    !padding_is_free(fitting, behind.end, at + size))
			continue;
		vec_push(fits, (struct type_fit){xstrdup(member->name), xstrdup(behind.anchor)});
		vec_push(&fitting->placed, (struct padding_member){behind.anchor, at, at + size});
		return true;
	}
	return false;
}

/* Returns whether the old member of that size may be the added one under its earlier name. */
static bool padding_may_replace(const struct fitting *fitting, const struct type_member *added)
{
	vec_foreach(&fitting->before->members, it)
		if (it->bits == added->bits &&
		    !type_counterpart(fitting->before, it, fitting->after))
			return true;
	return false;
}

/* Returns whether members that both versions have are declared alike. */
static bool padding_keeps_members(const struct fitting *fitting)
{
	vec_foreach(&fitting->before->members, it) {
		const struct type_member *other =
			type_counterpart(fitting->before, it, fitting->after);

		if (other &&
		    (other->bits != it->bits || type_likeness(fitting->versions, &it->spelling,
							      &other->spelling) != TYPE_SAME))
			return false;
	}
	return true;
}

static bool padding_fit_all(struct fitting *fitting, struct type_fit_vec *fits)
{
	vec_foreach(&fitting->before->members, it)
		vec_push(&fitting->placed,
			 (struct padding_member){it->name, it->at, it->at + (int64_t)it->bits});
	vec_foreach(&fitting->after->members, it) {
		if (type_counterpart(fitting->after, it, fitting->before))
			continue;
		if (!padding_may_be_zero(it) || padding_may_replace(fitting, it) ||
		    !padding_place(fitting, it, fits))
			return false;
	}
	return true;
}

void type_fits_free(struct type_fit_vec *fits)
{
	vec_foreach(fits, it) {
		free(it->member);
		free(it->behind);
	}
	vec_free(fits);
}

void padding_fit(const struct type_versions *versions, const struct type *before,
		 const struct type *after, struct type_fit_vec *fits)
{
	struct fitting fitting = {versions, before, after, {}};

	if (before->kind != TYPE_STRUCT || !padding_keeps_members(&fitting))
		return;
	if (!padding_fit_all(&fitting, fits))
		type_fits_free(fits);
	vec_free(&fitting.placed);
}
