/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks types over all units, and functions of the patch that the kernel already has elsewhere. */
#include "klp/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "safety/kernel_types.h"
#include "base/interrupt.h"

/* Opens the types that BTF describes: those of vmlinux or, on top of these, of a module. */
static struct err *types_of(struct build *build, const char *owner,
			    const struct kernel_types **types)
{
	const struct elf_object *object = NULL;
	struct bytes btf;

	if (!build->types && image_section(build->image, ".BTF", NULL, &btf) && btf.size)
		err_try(kernel_types_new("vmlinux", btf, NULL, &build->types));
	*types = build->types;
	if (!build->types || !strcmp(owner, "vmlinux"))
		return NULL;
	err_try(build_open_module(build, owner, &object));
	vec_foreach(&build->modules, it) {
		struct elf_section *section = elf_find_section(it->object, ".BTF");

		if (it->object != object)
			continue;
		if (!it->types && section && section->data)
			err_try(kernel_types_new(owner,
						 (struct bytes){section->data, section->size},
						 build->types, &it->types));
		if (it->types)
			*types = it->types;
	}
	return NULL;
}

struct safety_unit unit_safety(const struct unit *unit)
{
	return (struct safety_unit){
		.file = unit->source->source,
		.pre = unit->source->pre,
		.post = unit->source->post,
		.orig = unit->orig,
		.patched = unit->patched,
		.diff = unit->diff,
	};
}

/* Returns whether the unit's object already has a global function of that name. */
static bool is_taken(struct build *build, const struct unit *unit, const char *name)
{
	const char *owner = unit->source->owners.len ? unit->source->owners.data[0] : NULL;
	const struct image_symbol *const *symbols;
	size_t count = 0;

	if (!owner)
		return false;
	if (!strcmp(owner, "vmlinux")) {
		count = image_find(build->image, name, &symbols);
		for (size_t i = 0; i < count; i++)
			if ((symbols[i]->type == 'T' || symbols[i]->type == 'W') &&
			    image_is_code(build->image, symbols[i]->address))
				return true;
		return false;
	}
	vec_foreach(&build->modules, it) {
		const struct elf_symbol *symbol =
			strcmp(it->name, owner) ? NULL : elf_find_symbol(it->object, name);

		if (symbol && symbol->section && symbol->type == STT_FUNC &&
		    symbol->bind != STB_LOCAL)
			return true;
	}
	return false;
}

/* Returns a source that the patch removes, or NULL.  A new source may be that one, renamed. */
static const char *removed_unit(const struct build *build)
{
	vec_foreach(&build->compiled->units, it)
		if (it->state == PAIR_REMOVED)
			return it->source;
	return NULL;
}

/* Reports a file that the patch adds, once for all its functions. */
static void tell_overrides(struct build *build, const struct unit *unit, const char *name,
			   size_t others)
{
	struct finding_vec *findings = &build->report->findings;
	const char *removed = unit->source->pre ? NULL : removed_unit(build);

	if (removed && others)
		finding_add(
			findings, "change-lost", unit->source->source, NULL,
			"leave the file where it is",
			"this file replaces %s, but the kernel already has %s and %zu more of its functions, and keeps calling them",
			removed, name, others);
	else
		finding_add(
			findings, "change-lost", unit->source->source, name,
			"make the change in the existing function",
			"is new in this file, but the kernel already has a function of that name (perhaps a weak one) and keeps calling it");
}

/*
 * Reports a function that would replace a weak one at link time: the running kernel is already
 * linked.
 */
static void check_overrides(struct build *build, const struct unit *unit)
{
	struct VEC(const char *) taken = {};
	size_t count;
	const struct diff_item *items = diff_items(unit->diff, &count);

	for (size_t i = 0; i < count; i++)
		if (items[i].kind == DIFF_FUNCTION && items[i].change == DIFF_NEW &&
		    items[i].flags & DIFF_GLOBAL && !(items[i].flags & (DIFF_INIT | DIFF_COLD)) &&
		    is_taken(build, unit, items[i].name))
			vec_push(&taken, items[i].name);
	if (taken.len && !unit->source->pre && removed_unit(build))
		tell_overrides(build, unit, taken.data[0], taken.len - 1);
	else
		vec_foreach(&taken, it)
			tell_overrides(build, unit, *it, 0);
	vec_free(&taken);
}

struct err *check_types(struct build *build)
{
	struct finding_vec *findings = &build->report->findings;

	build->checked = safety_types_new();
	vec_foreach(&build->units, it) {
		const struct unit *unit = *it;
		struct safety_unit input = unit_safety(unit);

		if (interrupt_pending())
			return interrupt_error();
		if (diff_is_empty(unit->diff))
			continue;
		if (unit->source->owners.len)
			err_try(types_of(build, unit->source->owners.data[0], &input.kernel));
		check_overrides(build, unit);
		err_try(safety_types_add(build->checked, &input, findings));
	}
	safety_types_check(build->checked, findings);
	safety_type_views(build->checked, &build->report->types);
	return NULL;
}
