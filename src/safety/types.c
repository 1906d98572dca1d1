/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks up and frees the types of a unit. */
#include "safety/types.h"

#include <stdlib.h>
#include <string.h>

#include "base/lower_bound.h"

static int by_type_name(const void *a, const void *b)
{
	return strcmp((*(struct type *const *)a)->name, (*(struct type *const *)b)->name);
}

static int by_function_name(const void *a, const void *b)
{
	return strcmp((*(struct type_function *const *)a)->name,
		      (*(struct type_function *const *)b)->name);
}

/* A definition sorts before its declarations. */
static int by_variable_name(const void *a, const void *b)
{
	const struct type_variable *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : x->declared - y->declared;
}

void unit_types_sort(struct unit_types *types)
{
	if (types->variables.len)
		qsort(types->variables.data, types->variables.len, sizeof(*types->variables.data),
		      by_variable_name);
	if (types->types.len)
		qsort(types->types.data, types->types.len, sizeof(*types->types.data),
		      by_type_name);
	if (types->functions.len)
		qsort(types->functions.data, types->functions.len, sizeof(*types->functions.data),
		      by_function_name);
}

void type_member_free(struct type_member *member)
{
	free(member->name);
	spelling_free(&member->spelling);
	str_vec_free(&member->typedefs);
}

void type_free(struct type *type)
{
	vec_foreach(&type->members, it)
		type_member_free(it);
	vec_free(&type->members);
	free(type->name);
	free(type->tag);
	free(type->declarer);
	str_vec_free(&type->holds);
	free(type->file);
	free(type);
}

void unit_types_free(struct unit_types *types)
{
	if (!types)
		return;
	vec_foreach(&types->types, it)
		type_free(*it);
	vec_free(&types->types);
	vec_foreach(&types->functions, it) {
		struct type_function *function = *it;

		free(function->name);
		free(function->prototype);
		free(function->agreement);
		vec_foreach(&function->parameters, parameter)
			spelling_free(parameter);
		vec_free(&function->parameters);
		free(function->file);
		str_vec_free(&function->types);
		str_vec_free(&function->pointers);
		str_vec_free(&function->inlined);
		vec_foreach(&function->inlines, place)
			free(place->name);
		vec_free(&function->inlines);
		vec_foreach(&function->locals, local) {
			free(local->name);
			free(local->type);
		}
		vec_free(&function->locals);
		free(function);
	}
	vec_free(&types->functions);
	vec_foreach(&types->variables, it) {
		free(it->name);
		free(it->type);
		spelling_free(&it->spelling);
		free(it->named);
	}
	vec_free(&types->variables);
	free(types);
}

void unit_types_freep(struct unit_types **typesp)
{
	unit_types_free(*typesp);
}

struct type *unit_types_find(const struct unit_types *types, const char *name)
{
	struct type key = {.name = (char *)name}, *keyp = &key;
	struct type **found = types->types.len ? bsearch(&keyp, types->types.data, types->types.len,
							 sizeof(keyp), by_type_name)
					       : NULL;

	return found ? *found : NULL;
}

const struct type_function *unit_types_find_function(const struct unit_types *types,
						     const char *name)
{
	struct type_function key = {.name = (char *)name}, *keyp = &key;
	struct type_function **found =
		types->functions.len ? bsearch(&keyp, types->functions.data, types->functions.len,
					       sizeof(keyp), by_function_name)
				     : NULL;

	return found ? *found : NULL;
}

const struct type_variable *unit_types_find_variable(const struct unit_types *types,
						     const char *name)
{
	const struct type_variable_vec *all = &types->variables;
	size_t first = lower_bound(all->data, all->len, it, strcmp(it->name, name) < 0);

	return first < all->len && !strcmp(all->data[first].name, name) ? &all->data[first] : NULL;
}
