/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on types: those that changed code uses, as they were and as they are now. */
#include "safety/rules_types.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/collected.h"
#include "safety/kernel_types.h"
#include "safety/tree_path.h"

/* Types of headers that are looked at for the first time mean what the kernel means. */
void safety_check_new_types(const struct unit_context *context, struct finding_vec *findings)
{
	const struct safety_unit *unit = context->unit;
	const struct unit_types *pre = context->versions->pre, *post = context->versions->post;

	vec_foreach(&post->types, it) {
		const struct type *type = *it;
		const char *path = type->file ? tree_path(type->file) : "";
		bool same;

		if (unit_type_find(pre, type->name) || !type->reached ||
		    !(str_starts(path, "include/") || str_starts(path, "arch/")) ||
		    !kernel_types_match(unit->kernel, type, &same) || same)
			continue;
		finding_add(
			findings, "type-unlike-kernel", unit->file, type->name,
			"give the configuration and headers that the kernel was built with",
			"the patched code uses it as %s has it, %llu bytes; the kernel has it otherwise",
			path, (unsigned long long)type->size);
	}
}

/* A type whose members only moved because of another one inside it is told of with that one. */
static void find_derived(struct safety_types *types)
{
	vec_foreach(&types->changed, it) {
		struct changed_type *outer = *it;

		if (!outer->change.derived)
			continue;
		outer->change.derived = false;
		vec_foreach(&types->changed, other) {
			struct changed_type *inner = *other;

			if (inner == outer || inner->kind == TYPE_ENUM ||
			    !str_vec_has(&outer->embeds, inner->name) ||
			    inner->change.size_before == inner->change.size_after)
				continue;
			outer->change.derived = true;
			vec_push(&inner->derived, xstrdup(outer->name));
		}
	}
}

static const char *who_uses(const struct changed_type *type, char **names)
{
	*names = names_join(&type->users, NAMES_SHOWN);
	if (type->users.len)
		return "used by ";
	/* Code that has its constants need not have a variable of it. */
	if (type->kind == TYPE_ENUM)
		return "its constants stand in code as numbers";
	return type->reached ? "got at through others" : "no changed function has a variable of it";
}

static bool is_dangerous(const struct type_change *change)
{
	return change->moved || change->resized || change->replaced || change->added_end ||
	       change->size_before != change->size_after;
}

static bool is_renumbered(const struct type_change *change)
{
	return change->renumbered && !change->sentinel;
}

static const char *rule_of(const struct changed_type *type)
{
	const struct type_change *change = &type->change;

	if (type->kind == TYPE_ENUM)
		return is_renumbered(change) || change->reused ? "enum-renumbered"
							       : "enum-extended";
	if (is_dangerous(change))
		return "layout-changed";
	return change->recast || change->retyped || change->removed ? "member-retyped"
								    : "layout-extended";
}

static void tell_type(const struct changed_type *type, struct finding_vec *findings)
{
	static const char *const remedy =
		"keep what is added in a shadow variable (klp_shadow_alloc()), or allow it if no object of it can be older than the patch";
	static const char *const shipped[] = {
		[SHIPPED_UNKNOWN] = "",
		[SHIPPED_SAME] = "; the kernel has it as it was",
		[SHIPPED_OTHER] = "; the kernel's own is unlike both",
	};
	const char *rule = rule_of(type);
	scope_free char *names = NULL;
	scope_free char *held = names_join(&type->derived, NAMES_SHOWN);
	const char *use = who_uses(type, &names);
	bool layout = !strcmp(rule, "layout-changed");
	bool harmless = type->stack_only || !type->beside_changes;

	finding_add(findings, rule, type->where, type->name,
		    layout ? remedy : "make sure that what the kernel holds still means the same",
		    "%s%s%s%s%s (%s%s)%s%s%s", type->old_name ? "was called " : "",
		    type->old_name ? type->old_name : "", type->old_name ? "; " : "",
		    type->change.text, shipped[type->shipped], use, names,
		    type->derived.len ? "; with it changes what holds it: " : "", held,
		    type->stack_only ? "; it lives on the stack of changed functions only" : "");
	finding_at(findings, type->line);
	/* A cast, a call or a global variable gets at objects, too, and leaves no trace in DWARF.
	 */
	if ((layout && harmless) ||
	    (!strcmp(rule, "member-retyped") && (harmless || !type->change.recast)))
		finding_soften(findings, SEVERITY_WARN);
	/* It may be the same constant by another name. */
	if (!strcmp(rule, "enum-renumbered") && !is_renumbered(&type->change))
		finding_soften(findings, SEVERITY_WARN);
}

void safety_types_check(struct safety_types *types, struct finding_vec *findings)
{
	find_derived(types);
	vec_foreach(&types->changed, it) {
		const struct changed_type *type = *it;

		if (!type->change.derived)
			tell_type(type, findings);
	}
}
