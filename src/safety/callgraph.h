/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the calls between the functions of one object once, and looks them up by name. */
#ifndef SUTURE_SAFETY_CALLGRAPH_H
#define SUTURE_SAFETY_CALLGRAPH_H

#include <stdbool.h>

#include "elf/elf.h"
#include "safety/code.h"
#include "safety/known.h"
#include "safety/types.h"

struct callgraph;

/*
 * Inlined locks and references count as calls although they leave none; types, which may be NULL,
 * says which functions contain them. Names in the graph belong to object and types, which must
 * outlive the graph.
 */
struct callgraph *callgraph_new(const struct elf_object *object, const struct unit_types *types);
void callgraph_free(struct callgraph *graph);

/*
 * Returns what the function and its cold part call, sorted; NULL if the object does not define the
 * function.
 */
const struct call_vec *callgraph_calls(const struct callgraph *graph, const char *function);

/*
 * Returns the nearest function of that kind that this one calls, directly or through at most depth
 * other functions of the object; NULL if there is none.
 */
const char *callgraph_find(struct callgraph *graph, const char *function, enum known_kind kind,
			   unsigned depth);

/*
 * Returns whether the function calls the other, directly or through at most depth other functions
 * of the object.
 */
bool callgraph_leads_to(struct callgraph *graph, const char *from, const char *to, unsigned depth);

/* Returns whether a function that this one calls is of that kind, or calls one that is. */
bool callgraph_is_behind(struct callgraph *graph, const char *from, const char *to);

#endif
