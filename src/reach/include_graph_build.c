/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a source tree into a graph of includes, starting from the sources of units. */
#include "reach/include_graph_build.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "base/text.h"
#include "reach/include_graph.h"
#include "reach/include_scan.h"

struct include_node {
	char *path; /* relative to the source tree, or "./…" in the build folder */
	uint32_t next_same_name;
	bool reached;
};

struct node_vec VEC(struct include_node);
struct id_vec VEC(uint32_t);

struct graph_builder {
	const struct include_graph_spec *spec;
	struct node_vec nodes;
	struct strmap by_path, by_name; /* by_name has the first node of a chain */
	struct id_vec queue;
	struct graph_edge_vec edges;
};

/* Takes ownership of path. */
static void graph_add_node(struct graph_builder *b, char *path)
{
	uint32_t id = b->nodes.len;

	vec_push(&b->nodes,
		 (struct include_node){path, strmap_get(&b->by_name, path_base(path)), false});
	strmap_set(&b->by_path, path, id);
	strmap_set(&b->by_name, path_base(path), id);
}

/* No file below these folders is part of a kernel for this architecture. */
static bool graph_leaves_out(const struct graph_builder *b, const char *rel)
{
	static const char *const names[] = {"Documentation", "tools", "LICENSES", ".git"};
	size_t arch_len = strlen("arch/");

	if (str_is_among(rel, names, array_size(names)))
		return true;
	return !strncmp(rel, "arch/", arch_len) && !strchr(rel + arch_len, '/') &&
	       strcmp(rel + arch_len, b->spec->arch) != 0 && strcmp(rel + arch_len, "Kconfig");
}

static struct err *graph_index_dir(struct graph_builder *b, const char *root, const char *rel,
				   const char *prefix)
{
	scope_free char *path = xasprintf("%s/%s", root, rel);
	DIR *dir = opendir(path);
	struct err *err = NULL;

	if (!dir)
		return errno == ENOENT ? NULL : err_errno(errno, "%s", path);
	for (struct dirent *entry; !err && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;

		scope_free char *child = xasprintf("%s%s%s", rel, *rel ? "/" : "", entry->d_name);

		if (entry->d_type == DT_DIR && !graph_leaves_out(b, child))
			err = graph_index_dir(b, root, child, prefix);
		else if (entry->d_type == DT_REG)
			graph_add_node(b, xasprintf("%s%s", prefix, child));
	}
	closedir(dir);
	return err;
}

static struct err *graph_index_trees(struct graph_builder *b)
{
	scope_free char *generated = xasprintf("arch/%s/include/generated", b->spec->arch);

	err_try(graph_index_dir(b, b->spec->source, "", ""));
	err_try(graph_index_dir(b, b->spec->build, "include/generated", "./"));
	return graph_index_dir(b, b->spec->build, generated, "./");
}

static void graph_connect(struct graph_builder *b, uint32_t from, uint32_t to)
{
	vec_push(&b->edges, (struct graph_edge){.includer = from, .included = to});
	if (b->nodes.data[to].reached)
		return;
	b->nodes.data[to].reached = true;
	vec_push(&b->queue, to);
}

static bool graph_connect_path(struct graph_builder *b, uint32_t from, const char *dir,
			       const char *name)
{
	scope_free char *path = path_join(dir, name);
	uint32_t to = strmap_get(&b->by_path, path);

	if (to != STRMAP_NONE)
		graph_connect(b, from, to);
	return to != STRMAP_NONE;
}

/* The folders of $(LINUXINCLUDE), in its order; they come before every -I of a folder's own. */
static bool graph_connect_standard(struct graph_builder *b, uint32_t from, const char *name)
{
	static const char *const dirs[] = {
		"arch/%s/include",
		"./arch/%s/include/generated",
		"include",
		"./include",
		"arch/%s/include/uapi",
		"./arch/%s/include/generated/uapi",
		"include/uapi",
		"./include/generated/uapi",
	};

	for (size_t i = 0; i < array_size(dirs); i++) {
		const char *arch = strstr(dirs[i], "%s");
		scope_free char *dir = arch ? xasprintf("%.*s%s%s", (int)(arch - dirs[i]), dirs[i],
							b->spec->arch, arch + 2)
					    : xstrdup(dirs[i]);

		if (graph_connect_path(b, from, dir, name))
			return true;
	}
	return false;
}

/* Some -I leads there, so all files whose path ends in the name count. */
static void graph_connect_by_suffix(struct graph_builder *b, uint32_t from, const char *name)
{
	while (str_starts(name, "../") || str_starts(name, "./"))
		name = strchr(name, '/') + 1;

	scope_free char *suffix = xasprintf("/%s", name);
	uint32_t next;

	for (uint32_t id = strmap_get(&b->by_name, path_base(name)); id != STRMAP_NONE; id = next) {
		next = b->nodes.data[id].next_same_name;
		if (str_ends(b->nodes.data[id].path, suffix))
			graph_connect(b, from, id);
	}
}

static void graph_connect_include(struct graph_builder *b, uint32_t from,
				  const struct include_line *include)
{
	const char *path = b->nodes.data[from].path;
	scope_free char *dir = path_parent(path);

	if (include->quoted && graph_connect_path(b, from, dir, include->name))
		return;
	if (!graph_connect_standard(b, from, include->name))
		graph_connect_by_suffix(b, from, include->name);
}

static struct err *graph_read_node(struct graph_builder *b, uint32_t id)
{
	const char *path = b->nodes.data[id].path;
	bool is_built = str_starts(path, "./");
	scope_free char *file =
		xasprintf("%s/%s", is_built ? b->spec->build : b->spec->source, path);
	scope_file_map map = {};
	struct include_line_vec includes = {};

	err_try(file_map(file, &map));
	include_lines_scan((const char *)map.bytes.data, map.bytes.size, &includes);
	vec_foreach(&includes, it)
		graph_connect_include(b, id, it);
	include_line_vec_free(&includes);
	return NULL;
}

/* Every compilation includes these: c_flags in scripts/Makefile.lib. */
static void graph_connect_forced(struct graph_builder *b, uint32_t root)
{
	static const char *const forced[] = {"linux/compiler-version.h", "linux/kconfig.h",
					     "linux/compiler_types.h"};

	for (size_t i = 0; i < array_size(forced); i++)
		graph_connect_standard(b, root, forced[i]);
}

/*
 * Programs of the build are not part of the kernel, but the files that they include matter as well.
 */
static bool graph_is_build_program(const char *path)
{
	return str_starts(path, "scripts/") && str_ends(path, ".c");
}

static void graph_add_build_programs(struct graph_builder *b)
{
	for (uint32_t id = 0; id < b->nodes.len; id++) {
		if (!graph_is_build_program(b->nodes.data[id].path) || b->nodes.data[id].reached)
			continue;
		b->nodes.data[id].reached = true;
		vec_push(&b->queue, id);
	}
}

static struct err *graph_build_edges(struct graph_builder *b, struct progress *progress)
{
	for (const char *const *root = b->spec->roots; *root; root++) {
		uint32_t id = strmap_get(&b->by_path, *root);

		if (id == STRMAP_NONE || b->nodes.data[id].reached)
			continue;
		b->nodes.data[id].reached = true;
		vec_push(&b->queue, id);
		graph_connect_forced(b, id);
	}
	graph_add_build_programs(b);
	for (size_t i = 0; i < b->queue.len; i++) {
		if (interrupt_pending())
			return interrupt_error();
		err_try(graph_read_node(b, b->queue.data[i]));
		if (i % 256 == 0)
			progress_update(progress, i);
	}
	return NULL;
}

static void graph_builder_free(struct graph_builder *b)
{
	vec_foreach(&b->nodes, it)
		free(it->path);
	vec_free(&b->nodes);
	vec_free(&b->queue);
	vec_free(&b->edges);
	strmap_free(&b->by_path);
	strmap_free(&b->by_name);
}

struct err *include_graph_build(const struct include_graph_spec *spec, struct progress *progress,
				char **data, size_t *size)
{
	struct graph_builder b = {.spec = spec};
	struct err *err = graph_index_trees(&b);

	if (!err)
		err = graph_build_edges(&b, progress);
	if (!err) {
		scope_free const char **paths = xcalloc(b.nodes.len + 1, sizeof(*paths));

		for (size_t i = 0; i < b.nodes.len; i++)
			paths[i] = b.nodes.data[i].reached ? b.nodes.data[i].path : NULL;
		*data = include_graph_encode(paths, b.nodes.len, &b.edges, size);
	}
	graph_builder_free(&b);
	return err;
}
