/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Correlates the atoms of one side with those of the other.
 *
 * For functions, any pairing that maps each one to at most one is sound, since functions that do
 * not compare equal are replaced. For variables it is not: a patch that uses the wrong one would
 * read the state of another variable, so variables that cannot be told apart stay unpaired and are
 * marked ambiguous.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "diff/compare.h"
#include "diff/correlate.h"
#include "diff/names.h"

static void pair(struct atom *a, struct atom *b)
{
	a->twin = b;
	b->twin = a;
}

static bool is_static_local(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && atom->symbol->bind == STB_LOCAL &&
	       name_is_static_local(atom->symbol->name);
}

static int compare_canonical(const void *a, const void *b)
{
	const struct atom *x = *(struct atom *const *)a, *y = *(struct atom *const *)b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;

	int order = strcmp(x->canonical, y->canonical);

	if (order)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

static bool same_name(const struct atom *a, const struct atom *b)
{
	return a->kind == b->kind && !strcmp(a->canonical, b->canonical);
}

/* Returns all named atoms that can have a twin, grouped by canonical name. */
static struct atom_vec named_atoms(const struct side *side)
{
	struct atom_vec named = {};

	vec_foreach(&side->atoms, it)
		if ((*it)->symbol && !(*it)->copied)
			vec_push(&named, *it);
	if (named.len) /* qsort() must not be given NULL, which is the data of an empty vector */
		qsort(named.data, named.len, sizeof(*named.data), compare_canonical);
	return named;
}

/*
 * Pairs clones of one function: first those with the same name and code, then those with the same
 * code, then the rest in order.
 */
static void pair_functions(struct atom **a, size_t nr_a, struct atom **b, size_t nr_b)
{
	for (int pass = 0; pass < 3; pass++) {
		for (size_t i = 0; i < nr_a; i++) {
			for (size_t k = 0; k < nr_b && !a[i]->twin; k++) {
				/*
				 * Boot code is freed, so code that is used later must not be paired
				 * with it.
				 */
				bool fits = !b[k]->twin &&
					    (!(a[i]->flags & DIFF_INIT) || b[k]->flags & DIFF_INIT);

				if (pass < 2)
					fits = fits && atom_bytes_equal(a[i], b[k]);
				if (pass == 0)
					fits = fits &&
					       !strcmp(a[i]->symbol->name, b[k]->symbol->name);
				if (fits)
					pair(a[i], b[k]);
			}
		}
	}
}

static void pair_group(struct atom **a, size_t nr_a, struct atom **b, size_t nr_b)
{
	if (a[0]->kind == ATOM_FUNCTION)
		pair_functions(a, nr_a, b, nr_b);
	else if (nr_a == 1 && nr_b == 1 && !is_static_local(a[0]) && !is_static_local(b[0]))
		pair(a[0], b[0]);
}

static void pair_by_name(const struct atom_vec *a, const struct atom_vec *b)
{
	size_t i = 0, k = 0;

	while (i < a->len && k < b->len) {
		int order = a->data[i]->kind != b->data[k]->kind
				    ? (a->data[i]->kind < b->data[k]->kind ? -1 : 1)
				    : strcmp(a->data[i]->canonical, b->data[k]->canonical);
		size_t i_end = i, k_end = k;

		while (i_end < a->len && same_name(a->data[i], a->data[i_end]))
			i_end++;
		while (k_end < b->len && same_name(b->data[k], b->data[k_end]))
			k_end++;
		if (!order)
			pair_group(a->data + i, i_end - i, b->data + k, k_end - k);
		if (order <= 0)
			i = i_end;
		if (order >= 0)
			k = k_end;
	}
}

/* Collects locals in the order of first use, and those to which the locals point. */
static void collect_locals(const struct atom *from, struct atom_vec *locals)
{
	for (size_t i = 0; i < from->refs.len; i++) {
		struct atom *target = from->refs.data[i].target;
		bool seen = false;

		if (!target || target->kind != ATOM_DATA || !is_static_local(target) ||
		    target->copied)
			continue;
		vec_foreach(locals, it)
			seen = seen || *it == target;
		if (seen)
			continue;
		vec_push(locals, target);
		collect_locals(target, locals);
	}
	if (from->cold)
		collect_locals(from->cold, locals);
}

static bool same_shape(const struct atom *a, const struct atom *b)
{
	return a->size == b->size && a->section->type == b->section->type &&
	       a->section->flags == b->section->flags && atom_bytes_equal(a, b);
}

static size_t count_named(const struct atom_vec *locals, const struct atom *like)
{
	size_t count = 0;

	vec_foreach(locals, it)
		count += same_name(*it, like);
	return count;
}

/* Returns the only unpaired local of that name and shape, or NULL if there are none or several. */
static struct atom *only_match(const struct atom_vec *locals, const struct atom *like)
{
	struct atom *found = NULL;

	vec_foreach(locals, it) {
		if ((*it)->twin || !same_name(*it, like) || !same_shape(*it, like))
			continue;
		if (found)
			return NULL;
		found = *it;
	}
	return found;
}

/* Two uses within a function are told apart by this many bytes on either side of the reference. */
#define CONTEXT_BYTES 8

static const struct ref *first_use(const struct atom *function, const struct atom *local)
{
	for (size_t i = 0; i < function->refs.len; i++)
		if (function->refs.data[i].target == local)
			return &function->refs.data[i];
	return NULL;
}

/*
 * Returns whether the same instructions surround the first use of both; relocated fields are zero
 * there.
 */
static bool same_context(const struct atom *a, const struct atom *a_local, const struct atom *b,
			 const struct atom *b_local)
{
	const struct ref *x = first_use(a, a_local), *y = first_use(b, b_local);

	if (!x || !y)
		return false;

	uint64_t before = MIN(MIN(x->offset, y->offset), CONTEXT_BYTES);
	uint64_t after = MIN(MIN(a->size - x->offset, b->size - y->offset),
			     CONTEXT_BYTES + elf_rela_width(x->type));

	return !memcmp(a->section->data + a->start + x->offset - before,
		       b->section->data + b->start + y->offset - before, before + after);
}

/* Returns the nth of that name in locals, or NULL. */
static struct atom *nth_named(const struct atom_vec *locals, const struct atom *like, size_t nth)
{
	vec_foreach(locals, it)
		if (same_name(*it, like) && !nth--)
			return *it;
	return NULL;
}

/* If changed code uses several similar locals, their order alone does not show which is which. */
static bool is_mistakable(const struct atom *function, const struct atom *local,
			  const struct atom *nth, const struct atom_vec *b)
{
	bool several = false;

	if (atom_bytes_equal(function, function->twin))
		return false;
	vec_foreach(b, it)
		several =
			several || (*it != nth && same_name(*it, local) && same_shape(*it, local));
	return several && !same_context(function, local, function->twin, nth);
}

/* Pairs the nth local of a name with the nth one of the other side. */
static void pair_in_order(const struct atom *function, const struct atom_vec *a,
			  const struct atom_vec *b, struct atom *local)
{
	size_t nth = 0;

	vec_foreach(a, it) {
		if (*it == local)
			break;
		nth += same_name(*it, local);
	}

	struct atom *match = nth_named(b, local, nth);

	if (!match || match->twin == local)
		return;
	if (match->twin || is_mistakable(function, local, match, b))
		local->flags |= DIFF_AMBIGUOUS;
	else
		pair(local, match);
}

/* Pairs the static locals to which a function and its twin refer. */
static void pair_locals(const struct atom *function)
{
	struct atom_vec a = {}, b = {};

	collect_locals(function, &a);
	collect_locals(function->twin, &b);
	vec_foreach(&a, it) {
		struct atom *local = *it;

		if (local->twin)
			continue;
		if (count_named(&a, local) == count_named(&b, local)) {
			pair_in_order(function, &a, &b, local);
			continue;
		}

		/* A local was added or removed, so only pairs that are certain are made. */
		struct atom *match = only_match(&b, local);

		if (match && only_match(&a, match) == local)
			pair(local, match);
	}
	vec_free(&a);
	vec_free(&b);
}

/*
 * Pairs objects to which variables of the file point and that only the compiler has named, such as
 * compound literals in initialisers. If the variable's own bytes are the same, the order is the
 * same.
 */
static void pair_pointed_at(const struct side *orig)
{
	size_t before, after = 0;

	do {
		before = after;
		after = 0;
		vec_foreach(&orig->atoms, it) {
			const struct atom *atom = *it;

			if (atom->kind != ATOM_DATA || !atom->twin)
				continue;
			after++;
			if (atom->refs.len && atom_bytes_equal(atom, atom->twin))
				pair_locals(atom);
		}
	} while (after != before);
}

static bool refers_to(const struct atom *function, const struct atom *local)
{
	return first_use(function, local) || (function->cold && first_use(function->cold, local));
}

/*
 * Returns whether all functions that used it are removed: they were inlined, renamed, cloned or
 * merged.
 */
static bool lost_its_owners(const struct side *side, const struct atom *local)
{
	vec_foreach(&side->atoms, it)
		if ((*it)->kind == ATOM_FUNCTION && (*it)->twin && refers_to(*it, local))
			return false;
	return true;
}

/* Returns the only atom of its name if it is unpaired, or NULL if there are several. */
static struct atom *only_unpaired(const struct atom_vec *atoms, const struct atom *like)
{
	struct atom *found = NULL;

	vec_foreach(atoms, it) {
		if (!same_name(*it, like))
			continue;
		if (found || (*it)->twin)
			return NULL;
		found = *it;
	}
	return found;
}

/* Pairs variables whose name is unique on both sides, even if another function uses them now. */
static void pair_orphans(const struct side *orig, const struct atom_vec *a,
			 const struct atom_vec *b)
{
	vec_foreach(a, it) {
		struct atom *local = *it;

		if (local->twin || !is_static_local(local) || only_unpaired(a, local) != local)
			continue;

		struct atom *other = only_unpaired(b, local);

		if (other && is_static_local(other) && same_shape(local, other) &&
		    lost_its_owners(orig, local))
			pair(local, other);
	}
}

/* Marks unpaired static locals if the other side has an unpaired local of the same name. */
static void mark_ambiguous(const struct atom_vec *a, const struct atom_vec *b)
{
	vec_foreach(a, it) {
		struct atom *local = *it;

		if (local->twin || !is_static_local(local))
			continue;
		vec_foreach(b, other) {
			if ((*other)->twin || !same_name(local, *other))
				continue;
			local->flags |= DIFF_AMBIGUOUS;
			(*other)->flags |= DIFF_AMBIGUOUS;
		}
	}
}

void correlate(struct side *orig, struct side *patched)
{
	struct atom_vec a = named_atoms(orig), b = named_atoms(patched);

	pair_by_name(&a, &b);
	pair_pointed_at(orig);
	vec_foreach(&orig->atoms, it)
		if ((*it)->kind == ATOM_FUNCTION && (*it)->twin && !(*it)->parent &&
		    !interrupt_pending())
			pair_locals(*it);
	pair_pointed_at(orig);
	pair_orphans(orig, &a, &b);
	mark_ambiguous(&a, &b);
	vec_free(&a);
	vec_free(&b);
}
