/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of many files can a change of a few names reach?
 *
 * A function, macro or type that changed matters to whoever names it, and to whoever names
 * something that is defined with it, and so on; an includer that names none of these compiles to
 * the same code.  Names that macros glue together are looked for by their parts.
 */
#ifndef SUTURE_REACH_SPREAD_H
#define SUTURE_REACH_SPREAD_H

#include "base/err.h"
#include "base/vec.h"
#include "reach/include_graph.h"

struct spread_spec {
	const struct include_graph *graph;
	const char *source, *build;	 /* trees that paths of the graph are relative to */
	const struct str_vec *names;	 /* that changed */
	const struct str_vec *includers; /* .c and .S files that may be reached */
	struct progress *progress;
};

/* reached[i] is set where includers[i] may name something that changed. */
struct err *spread_names(const struct spread_spec *spec, bool *reached);

#endif
