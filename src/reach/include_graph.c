/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holds the include graph as one block of memory, which comes from the cache or was just built:
 *
 *	header
 *	paths[nodes + 1]	offsets into the text, in the order of names
 *	users[nodes + 1]	offsets into the lists
 *	lists[edges]		includers of each node
 *	text
 */
#include "reach/include_graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"

#define GRAPH_MAGIC 0x31475553 /* "SUG1" */

struct graph_header {
	uint32_t magic, nodes, edges, text_size;
};

struct include_graph {
	struct file_map map;
	char *owned; /* the block, if it is not mapped */
	uint32_t nodes, edges, text_size;
	const uint32_t *paths, *users, *lists;
	const char *text;
};

struct graph_named {
	const char *path;
	uint32_t id;
};

static int graph_compare_named(const void *a, const void *b)
{
	return strcmp(((const struct graph_named *)a)->path, ((const struct graph_named *)b)->path);
}

static int graph_compare_edges(const void *a, const void *b)
{
	const struct graph_edge *one = a, *two = b;

	if (one->included != two->included)
		return one->included < two->included ? -1 : 1;
	return (one->includer > two->includer) - (one->includer < two->includer);
}

/* Renumbers edges by the order of names, sorts them, and drops duplicates. */
static void graph_sort_edges(struct graph_edge_vec *edges, const uint32_t *new_ids)
{
	size_t kept = 0;

	vec_foreach(edges, it) {
		it->includer = new_ids[it->includer];
		it->included = new_ids[it->included];
	}
	if (edges->len)
		qsort(edges->data, edges->len, sizeof(*edges->data), graph_compare_edges);
	for (size_t i = 0; i < edges->len; i++) {
		if (!kept || graph_compare_edges(&edges->data[kept - 1], &edges->data[i]))
			edges->data[kept++] = edges->data[i];
	}
	edges->len = kept;
}

static void graph_put_u32(struct strbuf *out, uint32_t value)
{
	strbuf_add(out, &value, sizeof(value));
}

static void graph_encode_lists(struct strbuf *out, const struct graph_named *named, uint32_t nodes,
			       const struct graph_edge_vec *edges)
{
	scope_strbuf text = STRBUF_INIT, paths = STRBUF_INIT;
	size_t edge = 0;

	for (uint32_t i = 0; i < nodes; i++) {
		graph_put_u32(&paths, text.len);
		strbuf_add(&text, named[i].path, strlen(named[i].path) + 1);
	}
	graph_put_u32(&paths, text.len);
	strbuf_add(out, &(struct graph_header){GRAPH_MAGIC, nodes, edges->len, text.len},
		   sizeof(struct graph_header));
	strbuf_add(out, paths.buf, paths.len);
	for (uint32_t i = 0; i <= nodes; i++) {
		while (edge < edges->len && edges->data[edge].included < i)
			edge++;
		graph_put_u32(out, edge);
	}
	vec_foreach(edges, it)
		graph_put_u32(out, it->includer);
	strbuf_add(out, text.buf, text.len);
}

char *include_graph_encode(const char *const *paths, size_t count, struct graph_edge_vec *edges,
			   size_t *size)
{
	scope_free struct graph_named *named = xcalloc(count + 1, sizeof(*named));
	scope_free uint32_t *new_ids = xcalloc(count + 1, sizeof(*new_ids));
	scope_strbuf out = STRBUF_INIT;
	uint32_t nodes = 0;

	for (size_t i = 0; i < count; i++) {
		if (paths[i])
			named[nodes++] = (struct graph_named){paths[i], i};
	}
	qsort(named, nodes, sizeof(*named), graph_compare_named);
	for (uint32_t i = 0; i < nodes; i++)
		new_ids[named[i].id] = i;
	graph_sort_edges(edges, new_ids);
	graph_encode_lists(&out, named, nodes, edges);
	*size = out.len;
	return strbuf_detach(&out);
}

/* Offsets must increase and end at limit, so that no list reaches outside. */
static bool graph_offsets_fit(const uint32_t *offsets, uint32_t count, uint32_t limit)
{
	for (uint32_t i = 0; i < count; i++) {
		if (offsets[i] > offsets[i + 1])
			return false;
	}
	return offsets[count] == limit;
}

static bool graph_parse(struct include_graph *graph, struct bytes bytes)
{
	const struct graph_header *header = (const struct graph_header *)bytes.data;

	if (bytes.size < sizeof(*header) || header->magic != GRAPH_MAGIC)
		return false;
	graph->nodes = header->nodes;
	graph->edges = header->edges;
	graph->text_size = header->text_size;

	uint64_t numbers = 2 * ((uint64_t)graph->nodes + 1) + graph->edges;

	if (bytes.size != sizeof(*header) + numbers * sizeof(uint32_t) + graph->text_size)
		return false;
	graph->paths = (const uint32_t *)(header + 1);
	graph->users = graph->paths + graph->nodes + 1;
	graph->lists = graph->users + graph->nodes + 1;
	graph->text = (const char *)(graph->lists + graph->edges);
	for (uint32_t i = 0; i < graph->edges; i++) {
		if (graph->lists[i] >= graph->nodes)
			return false;
	}
	return graph_offsets_fit(graph->paths, graph->nodes, graph->text_size) &&
	       graph_offsets_fit(graph->users, graph->nodes, graph->edges) &&
	       (!graph->text_size || !graph->text[graph->text_size - 1]);
}

struct err *include_graph_open(const void *data, size_t size, struct include_graph **graphp)
{
	struct include_graph *graph = xcalloc(1, sizeof(*graph));

	graph->owned = xmemdup(data, size);
	if (!graph_parse(graph, (struct bytes){(const uint8_t *)graph->owned, size})) {
		include_graph_free(graph);
		return err_new("include graph: damaged");
	}
	*graphp = graph;
	return NULL;
}

struct err *include_graph_open_file(const char *path, struct include_graph **graphp)
{
	struct include_graph *graph = xcalloc(1, sizeof(*graph));
	struct err *err = file_map(path, &graph->map);

	if (!err && !graph_parse(graph, graph->map.bytes))
		err = err_new("%s: damaged; remove it", path);
	if (err)
		include_graph_free(graph);
	else
		*graphp = graph;
	return err;
}

void include_graph_free(struct include_graph *graph)
{
	if (!graph)
		return;
	file_unmap(&graph->map);
	free(graph->owned);
	free(graph);
}

void include_graph_freep(struct include_graph **graphp)
{
	include_graph_free(*graphp);
}

static const char *graph_node_path(const struct include_graph *graph, uint32_t id)
{
	return graph->text + graph->paths[id];
}

/* Searches by bisection; returns graph->nodes if the path is not there. */
static uint32_t graph_find_node(const struct include_graph *graph, const char *path)
{
	uint32_t low = 0, high = graph->nodes;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(graph_node_path(graph, middle), path);

		if (!order)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return graph->nodes;
}

bool include_graph_users(const struct include_graph *graph, const char *path, struct str_vec *users)
{
	uint32_t start = graph_find_node(graph, path);
	scope_free bool *seen = xcalloc(graph->nodes + 1, sizeof(*seen));
	scope_free uint32_t *queue = xcalloc(graph->nodes + 1, sizeof(*queue));
	uint32_t head = 0, tail = 0;

	if (start == graph->nodes)
		return false;
	queue[tail++] = start;
	seen[start] = true;
	while (head < tail) {
		uint32_t node = queue[head++];
		const char *name = graph_node_path(graph, node);

		if (node != start && (str_ends(name, ".c") || str_ends(name, ".S")))
			vec_push(users, xstrdup(name));
		for (uint32_t i = graph->users[node]; i < graph->users[node + 1]; i++) {
			if (seen[graph->lists[i]])
				continue;
			seen[graph->lists[i]] = true;
			queue[tail++] = graph->lists[i];
		}
	}
	return graph->users[start] < graph->users[start + 1];
}

/* Reverses the lists: included[], sorted by includer. free() both. */
static void graph_turn_round(const struct include_graph *graph, uint32_t **starts,
			     uint32_t **included)
{
	*starts = xcalloc(graph->nodes + 2, sizeof(**starts));
	*included = xcalloc(graph->edges + 1, sizeof(**included));
	for (uint32_t i = 0; i < graph->edges; i++)
		(*starts)[graph->lists[i] + 2]++;
	for (uint32_t i = 2; i < graph->nodes + 2; i++)
		(*starts)[i] += (*starts)[i - 1];
	for (uint32_t node = 0; node < graph->nodes; node++) {
		for (uint32_t i = graph->users[node]; i < graph->users[node + 1]; i++)
			(*included)[(*starts)[graph->lists[i] + 1]++] = node;
	}
}

void include_graph_closure(const struct include_graph *graph, const struct str_vec *files,
			   struct str_vec *closure)
{
	scope_free uint32_t *starts = NULL;
	scope_free uint32_t *included = NULL;
	scope_free bool *seen = xcalloc(graph->nodes + 1, sizeof(*seen));
	scope_free uint32_t *queue = xcalloc(graph->nodes + 1, sizeof(*queue));
	uint32_t tail = 0;

	graph_turn_round(graph, &starts, &included);
	vec_foreach(files, it) {
		uint32_t node = graph_find_node(graph, *it);

		if (node < graph->nodes && !seen[node])
			queue[tail++] = node;
		seen[node] = true;
	}
	for (uint32_t head = 0; head < tail; head++) {
		uint32_t node = queue[head];

		vec_push(closure, xstrdup(graph_node_path(graph, node)));
		for (uint32_t i = starts[node]; i < starts[node + 1]; i++) {
			if (!seen[included[i]])
				queue[tail++] = included[i];
			seen[included[i]] = true;
		}
	}
}
