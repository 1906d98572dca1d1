/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts the calls of both versions of the changed functions.  Code that was only inlined, split
 * off by the compiler, or moved between a function and one that it calls makes no difference.
 */
#include "safety/call_changes.h"

#include <string.h>

#include "base/alloc.h"
#include "safety/code.h"

bool call_changes_same_root(const char *a, const char *b)
{
	size_t len = strcspn(a, ".");

	return len == strcspn(b, ".") && !strncmp(a, b, len);
}

/*
 * "foo.part.0" is what the compiler split off from foo, or specialised for some of its callers.
 * Where the other version has no call of foo, foo was inlined there, so its calls count as the
 * caller's.
 */
static void join_split_off(const struct callgraph *graph, const struct call_vec *other,
			   struct call_vec *calls)
{
	size_t count = calls->len;

	for (size_t i = 0; i < count; i++) {
		const struct call call = calls->data[i];
		const struct call_vec *inner =
			strchr(call.name, '.') ? callgraph_calls(graph, call.name) : NULL;
		bool known = !inner;

		vec_foreach(other, it)
			known |= call_changes_same_root(it->name, call.name);
		if (known)
			continue;
		vec_foreach(inner, it)
			for (unsigned k = 0; k < call.count; k++)
				vec_push(calls, *it);
	}
	code_merge_calls(calls);
}

static void copy_calls(const struct callgraph *graph, const char *function, struct call_vec *calls)
{
	const struct call_vec *known = callgraph_calls(graph, function);

	if (known)
		vec_foreach(known, it)
			vec_push(calls, *it);
}

void function_calls_read(const struct unit_context *context, struct function_calls_vec *all)
{
	size_t count;
	const struct diff_item *items = diff_items(context->unit->diff, &count);

	for (size_t i = 0; i < count; i++) {
		struct function_calls function = {.item = &items[i]};

		if (items[i].kind != DIFF_FUNCTION || items[i].change == DIFF_SAME ||
		    items[i].flags & (DIFF_COLD | DIFF_INIT))
			continue;
		if (items[i].orig)
			copy_calls(context->before, items[i].orig->name, &function.before);
		if (items[i].patched)
			copy_calls(context->after, items[i].patched->name, &function.after);
		join_split_off(context->after, &function.before, &function.after);
		join_split_off(context->before, &function.after, &function.before);
		vec_push(all, function);
	}
}

void function_calls_free(struct function_calls_vec *all)
{
	vec_foreach(all, it) {
		vec_free(&it->before);
		vec_free(&it->after);
	}
	vec_free(all);
}

/*
 * One version calls it directly, the other through a function that was inlined in one of the two.
 */
static bool is_only_inlined(const struct unit_context *context,
			    const struct function_calls *function, const char *name,
			    bool was_called)
{
	const struct diff_item *item = function->item;
	bool before = item->orig && callgraph_is_behind(context->before, item->orig->name, name);
	bool after =
		item->patched && callgraph_is_behind(context->after, item->patched->name, name);

	return was_called ? after && !before : before && !after;
}

static bool leads_to(struct callgraph *graph, const struct elf_symbol *from,
		     const struct elf_symbol *to)
{
	return from && to && callgraph_leads_to(graph, from->name, to->name, 2);
}

/* One of the two calls the other in either version, so code can move from one to the other. */
bool call_changes_are_related(const struct unit_context *context, const struct diff_item *a,
			      const struct diff_item *b)
{
	return leads_to(context->before, a->orig, b->orig) ||
	       leads_to(context->before, b->orig, a->orig) ||
	       leads_to(context->after, a->patched, b->patched) ||
	       leads_to(context->after, b->patched, a->patched);
}

/*
 * A call that moves between a function and one that it calls is no difference: the code was
 * inlined, is no longer inlined, or moved in the source. Between unrelated functions it is a
 * difference, since a lock that one takes does not help the other.
 */
static bool is_moved(const struct unit_context *context, const struct function_calls_vec *all,
		     const struct function_calls *function, const char *name)
{
	int here = (int)calls_of(&function->after, name) - (int)calls_of(&function->before, name);
	int sum = here;

	vec_foreach(all, it) {
		int there = (int)calls_of(&it->after, name) - (int)calls_of(&it->before, name);

		if (it == function || !there ||
		    !call_changes_are_related(context, function->item, it->item))
			continue;
		if (here + there == 0)
			return true;
		sum += there;
	}
	return sum == 0;
}

void function_calls_compare(const struct unit_context *context,
			    const struct function_calls_vec *all,
			    const struct function_calls *function, enum known_kind kind,
			    bool only_ends, struct names *names)
{
	const struct call_vec *sides[] = {&function->before, &function->after};

	for (size_t side = 0; side < array_size(sides); side++) {
		vec_foreach(sides[side], it) {
			unsigned before = calls_of(&function->before, it->name);
			unsigned after = calls_of(&function->after, it->name);

			if (before == after || (side && before) || !known_is(kind, it->name) ||
			    is_moved(context, all, function, it->name) ||
			    (only_ends && before && after) ||
			    ((!before || !after) &&
			     is_only_inlined(context, function, it->name, before)))
				continue;
			names_add(names, "%s %u → %u", it->name, before, after);
		}
	}
}
