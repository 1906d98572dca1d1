/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kbuild/graph.h"

struct err *kb_graph_load(const struct kb_tool *tool, struct progress *progress,
			  struct kb_graph **graph)
{
	(void)tool;
	(void)progress;
	(void)graph;
	return NULL;
}

void kb_graph_free(struct kb_graph *graph)
{
	(void)graph;
}

void kb_graph_freep(struct kb_graph **graphp)
{
	kb_graph_free(*graphp);
}

void kb_graph_users(const struct kb_graph *graph, const char *path, struct str_vec *users)
{
	(void)graph;
	(void)path;
	(void)users;
}
