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
#include "patch/patch.h"
#include "reach/include_graph.h"

struct spread_spec {
	const struct include_graph *graph;
	const char *source, *build;	 /* trees that paths of the graph are relative to */
	const struct str_vec *includers; /* .c and .S files that may be reached */
	/* Files whose patched text is read besides the original; NULL: none. */
	const struct change_set *changes;
	struct progress *progress;
};

/* The words of all files that the includers may see. */
struct spread;

/*
 * Reads these files once, for many questions; what spec points at must outlive the result.
 */
struct err *spread_open(const struct spread_spec *spec, struct spread **spread);
void spread_free(struct spread *spread);
void spread_freep(struct spread **spreadp);
#define scope_spread __attribute__((cleanup(spread_freep))) struct spread *

/*
 * reached[i] is set where includers[i] may name something that changed, and stays set else. Those
 * names that are also in functions, which is sorted, stand for functions in both versions, so that
 * they do not spread through types and declarations; functions may be NULL.
 */
struct err *spread_names(struct spread *spread, const struct str_vec *names,
			 const struct str_vec *functions, bool *reached);

#endif
