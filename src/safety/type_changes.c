/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collects the types that differ between the two versions of each unit. A type of a header occurs
 * in many units; it is kept once, with the changed functions of all units that use it.
 */
#include "safety/type_changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "safety/kernel_types.h"
#include "safety/padding.h"
#include "safety/stack_types.h"
#include "safety/tree_path.h"

/* Marks all types that the changed functions can reach. */
static void mark_reached(const struct unit_context *context)
{
	const struct unit_types *types = context->versions->post;
	struct type_vec todo = {};

	vec_foreach(&types->types, it)
		(*it)->reached = false;
	vec_foreach(&types->functions, it) {
		if (!context_is_changed(context, (*it)->name))
			continue;
		vec_foreach(&(*it)->types, name) {
			struct type *type = unit_types_find(types, *name);

			if (type && !type->reached)
				vec_push(&todo, type);
			if (type)
				type->reached = true;
		}
	}
	for (size_t i = 0; i < todo.len; i++) {
		vec_foreach(&todo.data[i]->holds, name) {
			struct type *type = unit_types_find(types, *name);

			if (!type || type->reached)
				continue;
			type->reached = true;
			vec_push(&todo, type);
		}
	}
	vec_free(&todo);
}

static void add_type_users(const struct unit_context *context, const char *type,
			   struct str_vec *users)
{
	vec_foreach(&context->versions->post->functions, it)
		if (context_is_changed(context, (*it)->name) && str_vec_has(&(*it)->types, type))
			vec_push(users, xstrdup((*it)->name));
	str_vec_sort_unique(users);
}

struct changed_type *type_changes_find(const struct changed_type_vec *types, const char *name,
				       const char *where)
{
	vec_foreach(types, it)
		if (!strcmp((*it)->name, name) && !strcmp((*it)->where, where))
			return *it;
	return NULL;
}

static struct changed_type *new_change(const struct unit_context *context,
				       const struct type *before, const struct type *after,
				       const char *where)
{
	const struct kernel_types *kernel = context->unit->kernel;
	struct changed_type *added = xcalloc(1, sizeof(*added));
	bool same = true;
	bool known = kernel && kernel_types_match(kernel, before, &same);

	added->name = xstrdup(after->name);
	added->declarer = after->declarer ? xstrdup(after->declarer) : NULL;
	added->where = xstrdup(where);
	added->line = after->line;
	added->kind = after->kind;
	added->old_name = strcmp(before->name, after->name) ? xstrdup(before->name) : NULL;
	type_render(before, &added->before);
	type_render(after, &added->after);
	added->shipped = !known ? SHIPPED_UNKNOWN : same ? SHIPPED_SAME : SHIPPED_OTHER;
	padding_fit(context->versions, before, after, &added->fits);
	added->stack_only = type_lives_on_stack(context, before, after);
	vec_foreach(&after->holds, name)
		vec_push(&added->embeds, xstrdup(*name));
	return added;
}

void type_changes_add(struct changed_type_vec *types, const struct unit_context *context)
{
	const struct type_versions *versions = context->versions;

	mark_reached(context);
	vec_foreach(&versions->post->types, it) {
		const struct type *after = *it, *before = type_before(versions, after);
		const char *where = after->file ? tree_path(after->file) : context->unit->file;
		struct type_change change;
		struct changed_type *kept;

		if (!before || before->kind != after->kind)
			continue;
		type_compare(versions, before, after, &change);
		if (!change.differs) {
			type_change_free(&change);
			continue;
		}
		kept = type_changes_find(types, after->name, where);
		if (kept) {
			type_change_free(&change);
		} else {
			kept = new_change(context, before, after, where);
			kept->change = change;
			vec_push(types, kept);
		}
		kept->reached |= after->reached;
		kept->beside_changes |= context->changed.len > 0;
		add_type_users(context, after->name, &kept->users);
	}
}

void type_changes_free(struct changed_type_vec *types)
{
	vec_foreach(types, it) {
		struct changed_type *changed = *it;

		type_change_free(&changed->change);
		type_fits_free(&changed->fits);
		str_vec_free(&changed->users);
		str_vec_free(&changed->embeds);
		str_vec_free(&changed->derived);
		free(changed->old_name);
		str_vec_free(&changed->before);
		str_vec_free(&changed->after);
		free(changed->where);
		free(changed->declarer);
		free(changed->name);
		free(changed);
	}
	vec_free(types);
}
