/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds locks that are variables, and which functions name them before and after the patch. */
#include "safety/lock_variables.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "safety/code.h"

static bool is_lock(const struct type_variable *variable)
{
	static const char *const types[] = {"struct mutex",
					    "struct spinlock",
					    "struct raw_spinlock",
					    "struct rw_semaphore",
					    "struct semaphore",
					    "struct percpu_rw_semaphore",
					    "rwlock_t",
					    "seqlock_t",
					    "struct rt_mutex",
					    "spinlock_t"};

	return str_is_among(spelling_only_name(&variable->spelling), types, array_size(types));
}

static void read_users(const struct elf_object *object, const char *name, struct str_vec *users)
{
	const struct elf_symbol *symbol = elf_find_symbol(object, name);

	if (symbol)
		code_users(object, symbol, users);
}

/* Static locals are left out, since no other function can take one. */
void lock_uses_read(const struct unit_context *context, struct lock_use_vec *locks)
{
	const struct safety_unit *unit = context->unit;
	const char *last = "";

	vec_foreach(&context->versions->post->variables, it) {
		struct lock_use use = {.name = it->name};

		if (!is_lock(it) || strchr(it->name, '.') || !strcmp(it->name, last))
			continue;
		last = it->name;
		read_users(unit->orig, it->name, &use.before);
		read_users(unit->patched, it->name, &use.after);
		vec_push(locks, use);
	}
}

void lock_uses_free(struct lock_use_vec *locks)
{
	vec_foreach(locks, it) {
		str_vec_free(&it->before);
		str_vec_free(&it->after);
	}
	vec_free(locks);
}

/* Returns whether the name is the function, or a part that the compiler split off. */
static bool names_function(const struct str_vec *users, const char *function)
{
	vec_foreach(users, it)
		if (call_changes_same_root(*it, function))
			return true;
	return false;
}

static bool is_called(const struct call_vec *calls, const struct str_vec *functions)
{
	vec_foreach(functions, it)
		if (calls_of(calls, *it))
			return true;
	return false;
}

/*
 * Returns whether a related or removed function named the lock, so that its code may be here now.
 */
static bool has_left(const struct unit_context *context, const struct function_calls_vec *all,
		     const struct function_calls *function, const struct lock_use *lock)
{
	vec_foreach(&lock->before, name) {
		if (names_function(&lock->after, *name))
			continue;
		if (!elf_find_symbol(context->unit->patched, *name))
			return true;
		vec_foreach(all, it)
			if (!strcmp(it->item->name, *name) &&
			    call_changes_are_related(context, function->item, it->item))
				return true;
	}
	return false;
}

/*
 * The function takes as many locks as before, but one of them is a different one, which old code
 * does not take.
 */
const char *lock_uses_new(const struct unit_context *context, const struct function_calls_vec *all,
			  const struct function_calls *function, const struct lock_use_vec *locks)
{
	const char *name = function->item->name;
	bool takes = false;

	vec_foreach(&function->after, it)
		takes |= known_is(KNOWN_ACQUIRE, it->name);
	vec_foreach(locks, it)
		if (takes && names_function(&it->after, name) &&
		    !names_function(&it->before, name) &&
		    !is_called(&function->before, &it->before) &&
		    !has_left(context, all, function, it))
			return it->name;
	return NULL;
}
