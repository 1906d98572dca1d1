/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps the calls of all functions of an object. Rules ask repeatedly what a function leads to, and
 * reading the relocations anew for each question was slow for large units.
 */
#include "safety/callgraph.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct graph_node {
	const char *name;
	struct call_vec calls;
	unsigned visit; /* the last search that visited it */
};

struct callgraph {
	struct VEC(struct graph_node) nodes; /* by name */
	unsigned visit;
};

static int graph_by_name(const void *a, const void *b)
{
	return strcmp(((const struct graph_node *)a)->name, ((const struct graph_node *)b)->name);
}

/* Calls inside a function that is known count as part of that function. */
static void graph_add_inlines(const struct type_function *function, struct call_vec *calls)
{
	unsigned known_depth = UINT_MAX;

	vec_foreach(&function->inlines, it) {
		if (it->depth > known_depth)
			continue;
		known_depth = UINT_MAX;
		if (known_is(KNOWN_INLINE, it->name))
			vec_push(calls, (struct call){it->name, 1});
		else if (!known_is(KNOWN_COVERED, it->name))
			continue;
		known_depth = it->depth;
	}
	code_merge_calls(calls);
}

/* Debug data uses the source's name, so with several clones it is not known which one is meant. */
static const struct type_function *graph_source(const struct elf_object *object,
						const struct unit_types *types, const char *symbol)
{
	scope_free char *name = xstrndup(symbol, strcspn(symbol, "."));

	if (strcmp(name, symbol) != 0 && elf_find_symbol(object, name))
		return NULL;
	return unit_types_find_function(types, name);
}

/* The cold parts of an object's functions, by name. */
struct cold_parts VEC(const struct elf_symbol *);

static int cold_compare(const void *a, const void *b)
{
	return strcmp((*(const struct elf_symbol *const *)a)->name,
		      (*(const struct elf_symbol *const *)b)->name);
}

static void cold_parts_find(const struct elf_object *object, struct cold_parts *parts)
{
	vec_foreach(&object->symbols, it)
		if ((*it)->section && str_ends((*it)->name, ".cold"))
			vec_push(parts, *it);
	if (parts->len)
		qsort(parts->data, parts->len, sizeof(*parts->data), cold_compare);
}

static const struct elf_symbol *cold_parts_get(const struct cold_parts *parts, const char *function)
{
	scope_free char *name = xasprintf("%s.cold", function);
	const struct elf_symbol key = {.name = name}, *wanted = &key;
	const struct elf_symbol **found =
		parts->len ? bsearch(&wanted, parts->data, parts->len, sizeof(wanted), cold_compare)
			   : NULL;

	return found ? *found : NULL;
}

struct callgraph *callgraph_new(const struct elf_object *object, const struct unit_types *types)
{
	struct callgraph *graph = xcalloc(1, sizeof(*graph));
	struct cold_parts parts = {};

	cold_parts_find(object, &parts);
	vec_foreach(&object->symbols, it) {
		struct graph_node node = {.name = (*it)->name};

		if ((*it)->type != STT_FUNC || !(*it)->section || !*(*it)->name)
			continue;
		code_calls_of_parts(object, *it, cold_parts_get(&parts, node.name), &node.calls);

		const struct type_function *function =
			types ? graph_source(object, types, node.name) : NULL;

		if (function && !strstr(node.name, ".cold"))
			graph_add_inlines(function, &node.calls);
		vec_push(&graph->nodes, node);
	}
	vec_free(&parts);
	if (graph->nodes.len)
		qsort(graph->nodes.data, graph->nodes.len, sizeof(*graph->nodes.data),
		      graph_by_name);
	return graph;
}

void callgraph_free(struct callgraph *graph)
{
	if (!graph)
		return;
	vec_foreach(&graph->nodes, it)
		vec_free(&it->calls);
	vec_free(&graph->nodes);
	free(graph);
}

static struct graph_node *graph_lookup(const struct callgraph *graph, const char *function)
{
	struct graph_node key = {.name = function};

	return graph->nodes.len ? bsearch(&key, graph->nodes.data, graph->nodes.len, sizeof(key),
					  graph_by_name)
				: NULL;
}

const struct call_vec *callgraph_calls(const struct callgraph *graph, const char *function)
{
	const struct graph_node *node = graph_lookup(graph, function);

	return node ? &node->calls : NULL;
}

/* A search is for one name, or for all functions of a kind. */
struct graph_goal {
	const char *name;
	enum known_kind kind; /* used when there is no name */
};

static const char *graph_match(const struct graph_node *node, const struct graph_goal *goal)
{
	vec_foreach(&node->calls, it)
		if (goal->name ? !strcmp(goal->name, it->name) : known_is(goal->kind, it->name))
			return it->name;
	return NULL;
}

/* Searches breadth first and visits each function once, so the nearest match is found. */
static const char *graph_search(struct callgraph *graph, const char *function,
				const struct graph_goal *goal, unsigned depth)
{
	struct graph_node *first = graph_lookup(graph, function);
	struct VEC(struct graph_node *) todo = {};
	unsigned visit = ++graph->visit;
	const char *found = NULL;
	size_t level_end;

	if (!first)
		return NULL;
	first->visit = visit;
	vec_push(&todo, first);
	level_end = 1;
	for (size_t i = 0; i < todo.len && !found; i++) {
		if (i == level_end) {
			if (!depth--)
				break;
			level_end = todo.len;
		}
		found = graph_match(todo.data[i], goal);
		vec_foreach(&todo.data[i]->calls, it) {
			struct graph_node *next = graph_lookup(graph, it->name);

			if (!next || next->visit == visit)
				continue;
			next->visit = visit;
			vec_push(&todo, next);
		}
	}
	vec_free(&todo);
	return found;
}

const char *callgraph_find(struct callgraph *graph, const char *function, enum known_kind kind,
			   unsigned depth)
{
	return graph_search(graph, function, &(struct graph_goal){.kind = kind}, depth);
}

bool callgraph_leads_to(struct callgraph *graph, const char *from, const char *to, unsigned depth)
{
	return graph_search(graph, from, &(struct graph_goal){.name = to}, depth) != NULL;
}

bool callgraph_is_behind(struct callgraph *graph, const char *from, const char *to)
{
	const struct call_vec *calls = callgraph_calls(graph, from);

	if (calls)
		vec_foreach(calls, it)
			if (callgraph_leads_to(graph, it->name, to, 1))
				return true;
	return false;
}
