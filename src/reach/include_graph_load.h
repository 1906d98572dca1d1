/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the include graph of a release, which is built once and kept in the release's cache. */
#ifndef SUTURE_REACH_INCLUDE_GRAPH_LOAD_H
#define SUTURE_REACH_INCLUDE_GRAPH_LOAD_H

#include "base/err.h"
#include "base/progress.h"
#include "kbuild/kbuild.h"
#include "reach/include_graph.h"

/* Opens the graph from the cache, or reads everything that units include. */
struct err *include_graph_load(const struct kbuild *kbuild, const struct kbuild_units *units,
			       struct progress *progress, struct include_graph **graph);

#endif
