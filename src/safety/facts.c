/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects what the report says about changed functions and types, beside the findings. */
#include "safety/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/code.h"
#include "safety/collected.h"
#include "safety/context.h"

/* Adds the strings of a that b lacks. */
static void take_missing(const struct str_vec *a, const struct str_vec *b, struct str_vec *out)
{
	vec_foreach(a, it)
		if (!b || !str_vec_has(b, *it))
			vec_push(out, xstrdup(*it));
}

void safety_note_functions(struct noted_function_vec *functions, const struct unit_context *context)
{
	vec_foreach(&context->versions->post->functions, it) {
		const struct type_function *after = *it;
		const struct type_function *before =
			unit_types_find_function(context->versions->pre, after->name);
		struct noted_function noted = {.line = after->line,
					       .registers_only = after->registers_only};

		if (!context_is_changed(context, after->name))
			continue;
		noted.file = xstrdup(context->unit->file);
		noted.name = xstrdup(after->name);
		take_missing(&after->inlined, before ? &before->inlined : NULL, &noted.inlined_new);
		if (before)
			take_missing(&before->inlined, &after->inlined, &noted.inlined_gone);
		vec_push(functions, noted);
	}
}

static const struct noted_function *find_noted(const struct safety_types *types, const char *file,
					       const char *name)
{
	size_t len = strcspn(name, ".");

	vec_foreach(&types->functions, it)
		if (!strcmp(it->file, file) && !strncmp(it->name, name, len) && !it->name[len])
			return it;
	return NULL;
}

/*
 * Returns the length of a suffix by which gcc names a function that takes no more than the
 * arguments of the one in the source: copies for constants, and the parts of a function that was
 * split, for which ipa-split.c passes nothing but parameters.
 */
static size_t fewer_arguments_len(const char *suffix)
{
	static const char *const suffixes[] = {".constprop.", ".part."};

	for (size_t i = 0; i < array_size(suffixes); i++)
		if (str_starts(suffix, suffixes[i]))
			return strlen(suffixes[i]);
	return 0;
}

bool safety_uses_registers_only(const struct safety_types *types, const char *file,
				const char *function)
{
	const struct noted_function *noted = find_noted(types, file, function);
	const char *suffix = function + strcspn(function, ".");
	size_t len;

	while ((len = fewer_arguments_len(suffix)))
		suffix += len + strspn(suffix + len, "0123456789");
	return noted && noted->registers_only && !*suffix;
}

static void missing_calls(const struct call_vec *a, const struct call_vec *b, struct str_vec *out)
{
	vec_foreach(a, it)
		if (!calls_of(b, it->name))
			vec_push(out, xstrdup(it->name));
}

void safety_function_facts(const struct safety_types *types, const struct safety_unit *unit,
			   const struct diff_item *item, struct function_facts *facts)
{
	const struct noted_function *noted = find_noted(types, unit->file, item->name);
	struct call_vec before = {}, after = {};

	*facts = (struct function_facts){};
	if (item->orig) {
		facts->size_before = code_size(unit->orig, item->orig);
		code_calls(unit->orig, item->orig, &before);
	}
	if (item->patched) {
		facts->size_after = code_size(unit->patched, item->patched);
		code_calls(unit->patched, item->patched, &after);
	}
	missing_calls(&after, &before, &facts->calls_new);
	missing_calls(&before, &after, &facts->calls_gone);
	vec_free(&before);
	vec_free(&after);
	if (!noted)
		return;
	facts->line = noted->line;
	take_missing(&noted->inlined_new, NULL, &facts->inlined_new);
	take_missing(&noted->inlined_gone, NULL, &facts->inlined_gone);
}

void function_facts_free(struct function_facts *facts)
{
	str_vec_free(&facts->calls_new);
	str_vec_free(&facts->calls_gone);
	str_vec_free(&facts->inlined_new);
	str_vec_free(&facts->inlined_gone);
}

void safety_type_views(const struct safety_types *types, struct type_view_vec *views)
{
	vec_foreach(&types->changed, it) {
		const struct changed_type *changed = *it;

		struct type_view view = {.name = xstrdup(changed->name),
					 .where = xstrdup(changed->where)};

		take_missing(&changed->before, NULL, &view.before);
		take_missing(&changed->after, NULL, &view.after);
		vec_push(views, view);
	}
}

void type_view_vec_free(struct type_view_vec *views)
{
	vec_foreach(views, it) {
		free(it->name);
		free(it->where);
		str_vec_free(&it->before);
		str_vec_free(&it->after);
	}
	vec_free(views);
}
