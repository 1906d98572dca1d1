/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the include graph of a release, and builds it first if the cache does not have it. */
#include "reach/include_graph_load.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "reach/include_graph_build.h"

/* Lists both possible sources of every unit; those that do not exist are not in the tree. */
static void graph_list_roots(const struct kbuild_units *units, struct str_vec *roots)
{
	static const char *const suffixes[] = {".c", ".S"};

	vec_foreach(&units->units, it) {
		int stem = strlen(it->object) - 2;

		for (size_t i = 0; i < array_size(suffixes); i++)
			vec_push(roots, xasprintf("%.*s%s", stem, it->object, suffixes[i]));
	}
}

static struct err *graph_build_cached(const struct kbuild *kbuild, const struct kbuild_units *units,
				      struct progress *progress)
{
	scope_str_vec roots = {};
	scope_free char *data = NULL;
	size_t size = 0;

	graph_list_roots(units, &roots);
	progress_begin(progress, "reading the include graph", 0, PROGRESS_COUNT);
	vec_push(&roots, NULL);

	struct err *err = include_graph_build(
		&(struct include_graph_spec){
			.source = kbuild->target->source,
			.build = kbuild->target->build_dir,
			.arch = kbuild_env(kbuild, "SRCARCH"),
			.roots = (const char *const *)roots.data,
		},
		progress, &data, &size);

	progress_end(progress);
	err_try(err);
	return kept_write(kbuild, "includes", data, size);
}

struct err *include_graph_load(const struct kbuild *kbuild, const struct kbuild_units *units,
			       struct progress *progress, struct include_graph **graph)
{
	scope_free char *path = kept_path(kbuild, "includes");

	if (!kept_has(kbuild, "includes"))
		err_try(graph_build_cached(kbuild, units, progress));
	return include_graph_open_file(path, graph);
}
