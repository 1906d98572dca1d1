/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds new types around existing ones. Objects that were allocated before the patch is loaded are
 * not inside such a type, so patched code that goes from the old object to the new one around it
 * reaches memory of others.
 */
#include "safety/rules_embedding.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "safety/kernel_types.h"
#include "safety/stack_types.h"

/*
 * A part that is smaller than this many bytes is mostly a value, as a time or a name is; it counts
 * where code goes from it to what is around it.
 */
#define VALUE_SIZE 32

/* A type with fewer members than this can be like another one by chance. */
#define LIKE_MEMBERS 3

/* Locks belong to the type that contains them, and are initialised with it. */
static bool is_lock_type(const char *name)
{
	static const char *const locks[] = {
		/* include/linux/spinlock_types.h, rwlock_types.h, and what they consist of */
		"struct spinlock",
		"struct raw_spinlock",
		"struct qspinlock",
		"struct qrwlock",
		"spinlock_t",
		"raw_spinlock_t",
		"rwlock_t",
		/* include/linux/mutex.h, ww_mutex.h, rtmutex.h, rwsem.h, rwbase_rt.h, semaphore.h
		 */
		"struct mutex",
		"struct ww_mutex",
		"struct rt_mutex",
		"struct rt_mutex_base",
		"struct rw_semaphore",
		"struct rwbase_rt",
		"struct semaphore",
		"struct percpu_rw_semaphore",
		/* include/linux/seqlock.h, seqlock_types.h, local_lock_internal.h, lockdep_types.h
		 */
		"struct seqcount",
		"seqcount_t",
		"seqcount_latch_t",
		"seqcount_spinlock_t",
		"seqcount_raw_spinlock_t",
		"seqcount_rwlock_t",
		"seqcount_mutex_t",
		"seqlock_t",
		"local_lock_t",
		"struct lockdep_map",
		"struct lock_class_key",
	};

	return str_is_among(name, locks, array_size(locks));
}

/*
 * Returns a changed function that used the type before, and so may be given an object of old code.
 */
static const char *old_user(const struct unit_context *context, const char *type)
{
	vec_foreach(&context->versions->pre->functions, it)
		if (context_is_changed(context, (*it)->name) && str_vec_has(&(*it)->types, type))
			return (*it)->name;
	return NULL;
}

/*
 * Returns whether patched code goes from a member to what is around it, in a function that uses the
 * type or that did not do so before.
 */
static bool is_found_by_member(const struct unit_context *context, const struct type *outer)
{
	const struct type_function *before;

	vec_foreach(&context->versions->post->functions, it) {
		if (!(*it)->finds_container)
			continue;
		before = unit_types_find_function(context->versions->pre, (*it)->name);
		if (str_vec_has(&(*it)->types, outer->name) ||
		    (context_is_changed(context, (*it)->name) &&
		     !(before && before->finds_container)))
			return true;
	}
	return false;
}

static bool is_pointed_at(const struct unit_context *context, const struct type *outer)
{
	if (outer->uses & TYPE_RETURNED)
		return true;
	vec_foreach(&context->versions->post->functions, it)
		if (str_vec_has(&(*it)->pointers, outer->name))
			return true;
	return false;
}

/* Returns the type that a member is, or is an array of; NULL for pointers and plain numbers. */
static const char *contained_type(const struct type_member *member)
{
	const struct spelling_part *first = spelling_first(&member->spelling);

	if (!first || first->kind != SPELLING_TYPE)
		return NULL;
	vec_foreach(&member->spelling, it)
		if (it->kind == SPELLING_POINTER || it->kind == SPELLING_CALL)
			return NULL;
	return first->text;
}

static bool has_members(const struct type *type)
{
	return type->kind != TYPE_ENUM && type->members.len &&
	       (type->kind != TYPE_TYPEDEF || *type->members.data[0].name);
}

static const struct type_member *member_named(const struct type *type, const char *name)
{
	vec_foreach(&type->members, it)
		if (!strcmp(it->name, name))
			return it;
	return NULL;
}

/* Returns whether the outer type repeats all members of the other at the same distances. */
static bool repeats_members(const struct type *outer, const struct type *part)
{
	const struct type_member *first = part->members.data, *own;

	if (part->members.len < LIKE_MEMBERS || outer->size <= part->size)
		return false;
	own = *first->name ? member_named(outer, first->name) : NULL;
	if (!own)
		return false;

	int64_t distance = own->at - first->at;

	vec_foreach(&part->members, it) {
		own = *it->name ? member_named(outer, it->name) : NULL;
		if (!own || own->at - it->at != distance || own->bits != it->bits)
			return false;
	}
	return true;
}

static void tell_outer(const struct unit_context *context, const struct type *outer,
		       const char *relation, const struct type *part, struct finding_vec *findings)
{
	finding_add(
		findings, "object-grown", context->unit->file, outer->name,
		"keep the new members in a shadow variable (klp_shadow_alloc()), or look them up by the object's address",
		"is new and %s %s, which %s used before; objects that were allocated before the patch is loaded are not inside one, so container_of() or a cast leads to unrelated memory",
		relation, part->name, old_user(context, part->name));
	finding_soften(findings, SEVERITY_WARN);
}

static bool is_part_of_interest(const struct unit_context *context, const struct type *part,
				bool found_by_member)
{
	return part && has_members(part) && !type_is_link(part->name) &&
	       !is_lock_type(part->name) && (part->size >= VALUE_SIZE || found_by_member) &&
	       old_user(context, part->name);
}

static void check_outer(const struct unit_context *context, const struct type *outer,
			struct finding_vec *findings)
{
	const struct unit_types *pre = context->versions->pre;
	bool same, found_by_member;

	if (!has_members(outer) || outer->kind == TYPE_TYPEDEF ||
	    type_before(context->versions, outer) ||
	    (context->unit->kernel && kernel_types_match(context->unit->kernel, outer, &same)))
		return;
	found_by_member = is_found_by_member(context, outer);
	/* A variable of the type itself is new, but others may be found from old objects. */
	if (outer->uses & (TYPE_ON_STACK | TYPE_STATIC) && !found_by_member &&
	    !is_pointed_at(context, outer))
		return;
	vec_foreach(&outer->members, it) {
		const char *name = contained_type(it);
		const struct type *part = name ? unit_types_find(pre, name) : NULL;

		if (!is_part_of_interest(context, part, found_by_member))
			continue;
		tell_outer(context, outer, "contains", part, findings);
		return;
	}
	vec_foreach(&pre->types, it) {
		if (!has_members(*it) || !repeats_members(outer, *it) ||
		    !is_part_of_interest(context, *it, true))
			continue;
		tell_outer(context, outer, "has all members of", *it, findings);
		return;
	}
}

void safety_check_embedding(const struct unit_context *context, struct finding_vec *findings)
{
	vec_foreach(&context->versions->post->types, it)
		check_outer(context, *it, findings);
}
