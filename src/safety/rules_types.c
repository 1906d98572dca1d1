/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the rules on the types that changed code uses, before and after the patch. */
#include "safety/rules_types.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/collected.h"
#include "safety/kernel_types.h"
#include "safety/tree_path.h"

/* Types of newly included headers must have the kernel's meaning. */
void safety_check_new_types(const struct unit_context *context, struct finding_vec *findings)
{
	const struct safety_unit *unit = context->unit;
	const struct unit_types *pre = context->versions->pre, *post = context->versions->post;

	vec_foreach(&post->types, it) {
		const struct type *type = *it;
		const char *path = type->file ? tree_path(type->file) : "";
		bool same;

		if (unit_types_find(pre, type->name) || !type->reached ||
		    !(str_starts(path, "include/") || str_starts(path, "arch/")) ||
		    !kernel_types_match(unit->kernel, type, &same) || same)
			continue;
		finding_add(
			findings, "type-unlike-kernel", unit->file, type->name,
			"build with the configuration and headers that the kernel was built with",
			"the patched code uses it as %s defines it, with %llu bytes; the kernel's definition differs",
			path, (unsigned long long)type->size);
		finding_declared_by(findings, type->declarer);
	}
}

/*
 * A type whose members only moved because a type inside it changed is reported together with that
 * type.
 */
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

/* Adds how changed functions use the type, in brackets. */
static void type_add_use(const struct changed_type *type, struct strbuf *message)
{
	scope_free char *names = names_join(&type->users, NAMES_SHOWN);

	if (type->users.len)
		strbuf_addf(message, " (used by %s)", names);
	/* Code can use the constants of an enumeration without having a variable of it. */
	else if (type->kind == TYPE_ENUM)
		strbuf_addstr(message, " (its constants are compiled into code as numbers)");
	else if (type->reached)
		strbuf_addstr(message, " (reached through other types)");
	else
		strbuf_addstr(message, " (no changed function has a variable of it)");
}

/* Returns the message about a changed type; each clause is one literal.  free(). */
static char *type_message(const struct changed_type *type)
{
	static const char *const shipped[] = {
		[SHIPPED_UNKNOWN] = "",
		[SHIPPED_SAME] = "; the kernel has the old definition",
		[SHIPPED_OTHER] = "; the kernel's definition differs from both",
	};
	scope_strbuf message = STRBUF_INIT;
	scope_free char *held = names_join(&type->derived, NAMES_SHOWN);

	if (type->old_name)
		strbuf_addf(&message, "was named %s; ", type->old_name);
	strbuf_addf(&message, "%s%s", type->change.text, shipped[type->shipped]);
	type_add_use(type, &message);
	if (type->derived.len)
		strbuf_addf(&message, "; this also changes the types that contain it: %s", held);
	if (type->stack_only)
		strbuf_addstr(&message, "; it is only on the stack of changed functions");
	return strbuf_detach(&message);
}

static bool is_dangerous(const struct type_change *change)
{
	return change->moved || change->resized || change->replaced || change->added_end ||
	       change->not_set_up || change->size_before != change->size_after;
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
		"keep the new members in a shadow variable (klp_shadow_alloc()), or allow it if no object of the type can be older than the patch";
	const char *rule = rule_of(type);
	scope_free char *message = type_message(type);
	bool layout = !strcmp(rule, "layout-changed");
	bool harmless = type->stack_only || !type->beside_changes;

	finding_add(findings, rule, type->where, type->name,
		    layout ? remedy
			   : "make sure that the kernel's existing values still mean the same",
		    "%s", message);
	finding_at(findings, type->line);
	/* An unnamed enumeration is known by its constants. */
	finding_declared_by(findings, type->declarer ? type->declarer : type->change.constant);
	/*
	 * Code also reaches objects through casts, calls and global variables, which DWARF does not
	 * show.
	 */
	if ((layout && harmless) ||
	    (!strcmp(rule, "member-retyped") && (harmless || !type->change.recast)))
		finding_soften(findings, SEVERITY_WARN);
	/* The constant may only have been renamed. */
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
