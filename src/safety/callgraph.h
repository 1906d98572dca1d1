/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions the functions of one object call, read once and then looked up by name. */
#ifndef SUTURE_SAFETY_CALLGRAPH_H
#define SUTURE_SAFETY_CALLGRAPH_H

#include <stdbool.h>

#include "elf/elf.h"
#include "safety/code.h"
#include "safety/known.h"
#include "safety/types.h"

struct callgraph;

/*
 * Locks and references that are inlined and leave no call count as calls; types, which may be NULL,
 * says which are.  Names in the graph belong to both, which have to outlive it.
 */
struct callgraph *callgraph_new(const struct elf_object *object, const struct unit_types *types);
void callgraph_free(struct callgraph *graph);

/* What the function calls, its cold part included; sorted.  NULL: the object does not define it. */
const struct call_vec *callgraph_calls(const struct callgraph *graph, const char *function);

/*
 * A function of that kind which this one calls, itself or through at most depth others of the
 * object, the nearest first; NULL: none.
 */
const char *callgraph_find(struct callgraph *graph, const char *function, enum known_kind kind,
			   unsigned depth);

/* Whether the function calls that one, itself or through at most depth others of the object. */
bool callgraph_leads_to(struct callgraph *graph, const char *from, const char *to, unsigned depth);

/* Whether a function that this one calls does so, itself or through one other. */
bool callgraph_is_behind(struct callgraph *graph, const char *from, const char *to);

#endif
