/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may include whom, over a whole source tree.
 *
 * Errs to the side of too many: conditions around #include lines are not looked at, and where a
 * name is found through some folder's own -I, every file that the name could mean counts.
 */
#ifndef SUTURE_KBUILD_GRAPH_H
#define SUTURE_KBUILD_GRAPH_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "kbuild/kbuild_internal.h"

struct kb_graph;

/* From the cache, or by reading everything that units includes. */
struct err *kb_graph_load(const struct kb_tool *tool, const struct kb_units *units,
			  struct progress *progress, struct kb_graph **graph);

void kb_graph_free(struct kb_graph *graph);
void kb_graph_freep(struct kb_graph **graphp);
#define scope_kb_graph __attribute__((cleanup(kb_graph_freep))) struct kb_graph *

/*
 * The .c and .S files that may include path, directly or not; path itself is not among them.
 * False when nothing includes it.
 */
bool kb_graph_users(const struct kb_graph *graph, const char *path, struct str_vec *users);

/* Everything that the given files may include, directly or not, and they themselves. */
void kb_graph_closure(const struct kb_graph *graph, const struct str_vec *files,
		      struct str_vec *closure);

/* ---- the parts, for tests ---- */

struct kb_include {
	char *name;  /* as written between the marks */
	bool quoted; /* looked for beside the includer first */
};

struct kb_include_vec VEC(struct kb_include);

void kb_include_vec_free(struct kb_include_vec *includes);

/*
 * All #include lines of a text, whatever the conditions around them; and the files that macros
 * with INCLUDE in their names stand for, as an #include may name these.
 */
void kb_includes_scan(const char *text, size_t size, struct kb_include_vec *includes);

struct kb_graph_spec {
	const char *source, *build; /* trees */
	const char *arch;	    /* "x86": the others are left out */
	const char *const *roots;   /* units' sources, relative to source; NULL-terminated */
};

/* The graph in the form that the cache holds; free(). */
struct err *kb_graph_build(const struct kb_graph_spec *spec, struct progress *progress, char **data,
			   size_t *size);

struct err *kb_graph_open(const void *data, size_t size, struct kb_graph **graph);

#endif
