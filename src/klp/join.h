/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins the compiled glue and the parts of a patch into one module. */
#ifndef SUTURE_KLP_JOIN_H
#define SUTURE_KLP_JOIN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "elf/elf.h"
#include "klp/guard.h"
#include "klp/part.h"

struct klp_link_spec {
	const char *name;	 /* the module's name */
	struct elf_object *glue; /* the compiled glue; becomes the module */
	struct klp_part_vec parts;
	bool replace;
	struct klp_guard guard; /* empty: nothing is checked, and no binding may have a base */
	struct str_vec modinfo; /* "key=value", added to what the glue has */
};

/* Maps the symbols of the parts to those of the module. */
struct klp_symbol_map;

/* Returns the module's symbol for a part's symbol; NULL if it has none. */
struct elf_symbol *klp_map_symbol(const struct klp_symbol_map *map, const struct klp_part *part,
				  const struct elf_symbol *symbol);

void klp_symbol_map_freep(struct klp_symbol_map **mapp);
#define scope_klp_symbol_map __attribute__((cleanup(klp_symbol_map_freep))) struct klp_symbol_map *

/*
 * Adds the code and data of all parts to spec->glue; sections that are not loaded are dropped.  The
 * map needs the spec as long as it lives.
 */
struct err *klp_join(const struct klp_link_spec *spec, struct klp_symbol_map **map);

#endif
