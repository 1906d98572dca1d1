/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads once what several rules on a unit ask for: its changed functions and what calls what. */
#include "safety/context.h"

#include <string.h>

#include "base/alloc.h"

static void changed_functions(const struct diff *diff, struct str_vec *names)
{
	size_t count;
	const struct diff_item *items = diff_items(diff, &count);

	for (size_t i = 0; i < count; i++)
		if (items[i].kind == DIFF_FUNCTION && items[i].patched &&
		    (items[i].change == DIFF_CHANGED || items[i].change == DIFF_NEW))
			vec_push(names, xstrdup(items[i].patched->name));
	str_vec_sort_unique(names);
}

void context_init(struct unit_context *context, const struct safety_unit *unit,
		  const struct type_versions *versions)
{
	*context = (struct unit_context){
		.unit = unit,
		.versions = versions,
		.before = callgraph_new(unit->orig, versions->pre),
		.after = callgraph_new(unit->patched, versions->post),
	};
	changed_functions(unit->diff, &context->changed);
}

void context_free(struct unit_context *context)
{
	str_vec_free(&context->changed);
	callgraph_free(context->before);
	callgraph_free(context->after);
}

/* The name as the source has it: "foo" of "foo.isra.0". */
bool context_is_changed(const struct unit_context *context, const char *name)
{
	size_t len = strlen(name);

	vec_foreach(&context->changed, it)
		if (!strncmp(*it, name, len) && (!(*it)[len] || (*it)[len] == '.'))
			return true;
	return false;
}
