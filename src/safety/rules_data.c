/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on the types of variables. The running kernel's values were written as the old type; a
 * change of type that keeps the size is visible nowhere else.
 */
#include "safety/rules_data.h"

#include "base/alloc.h"
#include "base/text.h"
#include "safety/code.h"

/*
 * Returns "used by f, g": the changed functions that name the variable. Functions that reach it
 * through a pointer are not known.
 */
static char *changed_users(const struct unit_context *context, const char *name)
{
	const struct elf_object *patched = context->unit->patched;
	const struct elf_symbol *symbol = elf_find_symbol(patched, name);
	scope_str_vec users = {};
	scope_names names = NAMES_INIT(NAMES_SHOWN);

	if (symbol)
		code_users(patched, symbol, &users);
	vec_foreach(&users, it)
		if (context_is_changed(context, *it))
			names_add(&names, "%s", *it);
	if (!names.count)
		return NULL;

	scope_free char *list = names_end(&names);

	return xasprintf("used by %s", list);
}

/*
 * Returns whether its structure has no name; such a structure is compared by the variable's name.
 */
static bool has_own_type(const struct type_variable *variable)
{
	return variable->spelling.len && variable->spelling.data[0].kind == SPELLING_UNNAMED;
}

static void check_variable(const struct unit_context *context, const struct type_variable *before,
			   const struct type_variable *after, struct finding_vec *findings)
{
	const struct type_versions *versions = context->versions;
	enum type_likeness likeness = type_likeness(versions, &before->spelling, &after->spelling);
	scope_free char *users = NULL;

	if (likeness == TYPE_SAME || (before->constant && after->constant) ||
	    (has_own_type(before) && has_own_type(after)))
		return;
	/* The variable's own structure got a name, so it is compared as a type. */
	if (has_own_type(before) && after->named) {
		const struct type *type = unit_types_find(versions->post, after->named);
		const struct type *was = type ? type_before(versions, type) : NULL;

		if (was && was->naming == TYPE_BY_VARIABLE)
			return;
	}
	users = changed_users(context, after->name);
	/* Unchanged code reads the value as before. */
	if (likeness == TYPE_LIKE && !users)
		return;
	finding_add(
		findings, "data-retyped", context->unit->file, after->name,
		likeness == TYPE_LIKE
			? "check that what the kernel holds means the same as the new type"
			: "keep the variable as it is and add another one, or convert it in a patch callback and allow this rule",
		"is %s, was %s; the running kernel's value was written as the old type (%s)",
		after->type, before->type, users ? users : "no changed function names it");
	finding_at(findings, after->line);
	if (likeness == TYPE_LIKE)
		finding_soften(findings, SEVERITY_WARN);
}

void safety_check_variables(const struct unit_context *context, struct finding_vec *findings)
{
	const struct type_versions *versions = context->versions;
	size_t count;
	const struct diff_item *items = diff_items(context->unit->diff, &count);

	if (!context->changed.len)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct diff_item *item = &items[i];
		const struct type_variable *before, *after;

		if (item->kind != DIFF_DATA || !item->orig || !item->patched ||
		    item->flags & (DIFF_READ_ONLY | DIFF_INIT))
			continue;
		before = unit_types_find_variable(versions->pre, item->orig->name);
		after = unit_types_find_variable(versions->post, item->patched->name);
		if (before && after)
			check_variable(context, before, after, findings);
	}
	/* The unit that defines the variable may have no other change. */
	vec_foreach(&versions->post->variables, it) {
		const struct type_variable *before =
			unit_types_find_variable(versions->pre, it->name);

		if (it->declared && before && before->declared)
			check_variable(context, before, it, findings);
	}
}
