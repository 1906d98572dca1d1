/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decides whether objects of a type can be older than the patch. Objects on the stack of functions
 * that are all replaced cannot: no task is inside one of them when new code runs.
 */
#include "safety/stack_types.h"

#include <string.h>

#include "base/strbuf.h"
#include "safety/callgraph.h"
#include "safety/tree_path.h"

/* Structures inside structures are followed to this depth. */
#define MAX_NESTING 4

/* Functions with these names allocate memory of any type. */
static bool allocates(const struct unit_context *context, const char *function)
{
	static const char *const signs[] = {"alloc", "kmem", "dup", "priv"};
	const struct call_vec *calls = callgraph_calls(context->after, function);

	if (calls)
		vec_foreach(calls, it)
			for (size_t i = 0; i < array_size(signs); i++)
				if (strstr(it->name, signs[i]))
					return true;
	return false;
}

/* An object with a member of these types can be found by other tasks, wherever it is. */
bool type_is_link(const char *name)
{
	static const char *const links[] = {
		"struct list_head",
		"struct hlist_",
		"struct llist_node",
		"struct rb_node",
		"struct plist_node",
		"struct completion",
		"struct wait_queue_",
		"struct swait_queue",
		"struct work_struct",
		"struct delayed_work",
		"struct timer_list",
		"struct hrtimer",
		"struct callback_head",
		"struct rcu_head",
		"struct rcuwait",
		"struct wake_q_node",
		"struct kref",
		"struct notifier_block",
		"struct semaphore_waiter",
		"struct tasklet_struct",
		"struct irq_work",
		"wait_queue_",
		"struct rt_mutex_waiter",
	};

	for (size_t i = 0; i < array_size(links); i++)
		if (str_starts(name, links[i]))
			return true;
	return false;
}

static bool member_is_link(const struct type_member *member)
{
	const struct spelling *spelling = &member->spelling;
	const struct spelling_part *first = spelling->data;

	if (!spelling->len || first->kind != SPELLING_TYPE)
		return false;
	/* The task is woken up through this pointer, which leads others to the object. */
	if (spelling->len > 1 && first[1].kind == SPELLING_POINTER &&
	    !strcmp(first->text, "struct task_struct"))
		return true;
	return type_is_link(first->text);
}

static bool can_be_linked(const struct unit_types *types, const struct type *type, unsigned depth)
{
	vec_foreach(&type->members, it) {
		const char *name = depth ? spelling_only_name(&it->spelling) : NULL;
		const struct type *inner = name ? unit_types_find(types, name) : NULL;

		if (member_is_link(it))
			return true;
		if (inner && can_be_linked(types, inner, depth - 1))
			return true;
	}
	return false;
}

/* A task may sleep in the old function while new code finds its object. */
static bool may_sleep(const struct unit_context *context, const char *function)
{
	return callgraph_find(context->before, function, KNOWN_SLEEP, 2) ||
	       callgraph_find(context->before, function, KNOWN_SLEEPER, 2);
}

bool type_lives_on_stack(const struct unit_context *context, const struct type *before,
			 const struct type *after)
{
	const struct unit_types *types = context->versions->post;
	unsigned uses = before->uses | after->uses;

	if (!(uses & TYPE_ON_STACK) || uses & (TYPE_STATIC | TYPE_LINKED | TYPE_RETURNED) ||
	    !after->file || strcmp(tree_path(after->file), context->unit->file) != 0 ||
	    can_be_linked(types, before, MAX_NESTING) || can_be_linked(types, after, MAX_NESTING))
		return false;
	vec_foreach(&types->functions, it)
		if (str_vec_has(&(*it)->types, after->name) &&
		    (!context_is_changed(context, (*it)->name) || may_sleep(context, (*it)->name) ||
		     (str_vec_has(&(*it)->pointers, after->name) &&
		      allocates(context, (*it)->name))))
			return false;
	return true;
}
