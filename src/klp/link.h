/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The linker of livepatch modules. */
#ifndef SUTURE_KLP_LINK_H
#define SUTURE_KLP_LINK_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "elf/elf.h"
#include "klp/part.h"

struct klp_link_spec {
	const char *name;	 /* the module's name */
	struct elf_object *glue; /* the compiled glue; becomes the module */
	struct klp_part_vec parts;
	bool replace;
	struct str_vec modinfo; /* "key=value", added to what the glue has */
};

/* Joins glue and parts into a finished module at path. */
struct err *klp_link(const struct klp_link_spec *spec, const char *path);

/* Where the symbols of the parts went in the module. */
struct klp_symbol_map;

/* Returns the module's symbol for a part's symbol; NULL if it has none. */
struct elf_symbol *klp_map_symbol(const struct klp_symbol_map *map, const struct klp_part *part,
				  const struct elf_symbol *symbol);

#endif
