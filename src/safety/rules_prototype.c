/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on prototypes, on which callers and called functions must agree, and on exports to modules.
 */
#include "safety/rules_prototype.h"

#include <stdlib.h>
#include <string.h>

#include "safety/code.h"

/* Returns the first unchanged code or data that refers to the function, or NULL. */
static const char *unchanged_reference(const struct unit_context *context, const char *name)
{
	const struct elf_object *patched = context->unit->patched;
	const struct elf_symbol *symbol = elf_find_symbol(patched, name);
	struct code_reference_vec references = {};
	const char *from = NULL;

	if (symbol)
		code_references(patched, symbol, &references);
	vec_foreach(&references, it)
		if (!from && !context_is_changed(context, it->from))
			from = it->from;
	vec_free(&references);
	return from;
}

static bool is_constant(const struct spelling *spelling)
{
	return spelling->len && spelling->data[0].kind == SPELLING_CONST;
}

/* Returns whether the function may now write to what it could only read before. */
static bool loses_const(const struct spelling *before, const struct spelling *after)
{
	return is_constant(before) && spelling_ends_in_pointer(before) && !is_constant(after);
}

/* Returns whether each parameter is the same as before, except for its name and its sign. */
static bool takes_the_same(const struct type_versions *versions, const struct type_function *before,
			   const struct type_function *after)
{
	if (before->parameters.len != after->parameters.len || before->variadic != after->variadic)
		return false;
	for (size_t i = 0; i < before->parameters.len; i++) {
		const struct spelling *a = &before->parameters.data[i];
		const struct spelling *b = &after->parameters.data[i];

		if (type_likeness(versions, a, b) == TYPE_OTHER || loses_const(a, b))
			return false;
	}
	return true;
}

static void check_prototype(const struct unit_context *context, const struct type_function *before,
			    const struct type_function *after, bool exported,
			    struct finding_vec *findings)
{
	const struct safety_unit *unit = context->unit;
	bool same_call = !strcmp(before->agreement, after->agreement);
	const struct elf_symbol *symbol = elf_find_symbol(unit->patched, after->name);
	const char *from;

	if (!strcmp(before->prototype, after->prototype))
		return;
	if (exported) {
		finding_add(findings, "export-changed", unit->file, after->name,
			    "keep the function as it is, and add one with another name",
			    "modules call it as %s; it becomes %s", before->prototype,
			    after->prototype);
		finding_at(findings, after->line);
		if (same_call && takes_the_same(context->versions, before, after))
			finding_soften(findings, SEVERITY_WARN);
		return;
	}
	if (same_call)
		return;
	from = unchanged_reference(context, after->name);
	if (!from && (!symbol || symbol->bind == STB_LOCAL))
		return;
	finding_add(
		findings, "prototype-changed", unit->file, after->name,
		"make sure that all callers are in the patch, or add a function with another name",
		"was %s, becomes %s, and %s", before->prototype, after->prototype,
		from ? from : "other files may call it");
	finding_at(findings, after->line);
}

void safety_check_prototypes(const struct unit_context *context, struct finding_vec *findings)
{
	const struct type_versions *versions = context->versions;
	scope_str_vec exports = {};

	code_exports(context->unit->orig, &exports);
	vec_foreach(&versions->post->functions, it) {
		const struct type_function *before =
			unit_types_find_function(versions->pre, (*it)->name);

		if (before)
			check_prototype(context, before, *it, str_vec_has(&exports, (*it)->name),
					findings);
	}
}

void safety_check_exports(const struct elf_object *orig, const struct elf_object *patched,
			  const char *file, struct finding_vec *findings)
{
	scope_str_vec before = {};
	scope_str_vec after = {};

	code_exports(orig, &before);
	code_exports(patched, &after);
	vec_foreach(&after, it)
		if (!str_vec_has(&before, *it))
			finding_add(
				findings, "export-new", file, *it,
				"leave out the export: only code of this patch can use the function",
				"is newly exported; a live patch cannot export it, so no module can use it");
	vec_foreach(&before, it)
		if (!str_vec_has(&after, *it))
			finding_add(
				findings, "export-removed", file, *it, NULL,
				"is no longer exported; modules can still use it in the running kernel");
}
