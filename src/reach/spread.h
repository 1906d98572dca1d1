/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds out which of many files a change of a few names can reach.
 *
 * A function, macro or type that changed matters to code that names it, to code that names
 * something that is defined with it, and so on. A file that includes it but names none of these
 * compiles to the same code. Names that macros glue together are looked for by their parts.
 */
#ifndef SUTURE_REACH_SPREAD_H
#define SUTURE_REACH_SPREAD_H

#include "base/err.h"
#include "base/vec.h"
#include "reach/include_graph.h"

struct spread_spec {
	const struct include_graph *graph;
	const char *source, *build;	 /* trees to which the graph's paths are relative */
	const struct str_vec *names;	 /* the names that changed */
	const struct str_vec *includers; /* .c and .S files that may be reached */
	struct progress *progress;
};

/* Sets reached[i] if includers[i] may name something that changed. */
struct err *spread_names(const struct spread_spec *spec, bool *reached);

#endif
