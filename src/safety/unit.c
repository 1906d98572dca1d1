/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the rules that look at one unit as a whole, and collects its changed types and functions. */
#include "safety/collected.h"
#include "safety/context.h"
#include "safety/dwarf.h"
#include "safety/facts.h"
#include "safety/rules_code.h"
#include "safety/rules_data.h"
#include "safety/rules_prototype.h"
#include "safety/rules_types.h"
#include "safety/types.h"

struct err *safety_types_add(struct safety_types *types, const struct safety_unit *unit,
			     struct finding_vec *findings)
{
	scope_unit_types pre = NULL;
	scope_unit_types post = NULL;
	scope_type_versions versions = {};
	scope_context context = {};

	if (!unit->pre)
		return NULL;
	err_try(unit_types_read(unit->pre, &pre));
	err_try(unit_types_read(unit->post, &post));
	type_versions_init(&versions, pre, post, unit->kernel);
	context_init(&context, unit, &versions);
	safety_check_code(&context, findings);
	type_changes_add(&types->changed, &context);
	safety_check_variables(&context, findings);
	safety_note_functions(&types->functions, &context);
	if (unit->kernel)
		safety_check_new_types(&context, findings);
	safety_check_prototypes(&context, findings);
	return NULL;
}

struct err *safety_types_compare(struct safety_types *types, const char *before, const char *after)
{
	const struct safety_unit unit = {.file = ""};
	struct unit_context context = {.unit = &unit};
	scope_unit_types pre = NULL;
	scope_unit_types post = NULL;
	scope_type_versions versions = {};

	err_try(unit_types_read(before, &pre));
	err_try(unit_types_read(after, &post));
	type_versions_init(&versions, pre, post, NULL);
	context.versions = &versions;
	type_changes_add(&types->changed, &context);
	return NULL;
}
