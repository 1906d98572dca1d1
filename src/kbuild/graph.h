/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may include whom, over a whole source tree. */
#ifndef SUTURE_KBUILD_GRAPH_H
#define SUTURE_KBUILD_GRAPH_H

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"
#include "kbuild/kbuild_internal.h"

struct kb_graph;

/* From the cache, or by reading every source file once. */
struct err *kb_graph_load(const struct kb_tool *tool, struct progress *progress,
			  struct kb_graph **graph);

void kb_graph_free(struct kb_graph *graph);
void kb_graph_freep(struct kb_graph **graphp);
#define scope_kb_graph __attribute__((cleanup(kb_graph_freep))) struct kb_graph *

/*
 * The .c and .S files that may include path, directly or not; path itself is not among them.
 * Errs to the side of too many: conditions around #include lines are not looked at.
 */
void kb_graph_users(const struct kb_graph *graph, const char *path, struct str_vec *users);

#endif
