/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_KLP_INTERNAL_H
#define SUTURE_KLP_INTERNAL_H

#include "elf/elf.h"

/* What an undefined symbol of a part is bound to. */
enum klp_binding_kind {
	KLP_INTERNAL, /* a global of another part */
	KLP_IMPORT,   /* an export of vmlinux, by name and CRC */
	KLP_SYMBOL,   /* a symbol that the kernel looks up when the patch is applied */
};

struct klp_binding {
	const struct elf_symbol *symbol; /* of the part */
	enum klp_binding_kind kind;
	const char *name;   /* as the kernel has it */
	const char *object; /* SYMBOL: "vmlinux" or the module that holds it */
	unsigned sympos;    /* SYMBOL */
	uint32_t crc;	    /* IMPORT */
	const char *ns;	    /* IMPORT: its namespace, "" when none */
};

struct klp_func {
	const char *old_name;
	unsigned sympos;
	const struct elf_symbol *new_func; /* of the part */
};

struct klp_binding_vec VEC(struct klp_binding);
struct klp_func_vec VEC(struct klp_func);

/* One unit's code for one object of the kernel.  Strings belong to others. */
struct klp_part {
	const char *owner; /* "vmlinux" or the module to be patched */
	const char *file;
	const struct elf_object *object;
	struct klp_binding_vec bindings; /* one for each undefined symbol */
	struct klp_func_vec funcs;
};

struct klp_part_vec VEC(struct klp_part *);

struct klp_link_spec {
	const char *name;	 /* of the module */
	struct elf_object *glue; /* the compiled glue; becomes the module */
	struct klp_part_vec parts;
	bool replace;
	struct str_vec modinfo; /* "key=value", besides what the glue has */
};

/* Joins glue and parts to a finished module at path. */
struct err *klp_link(const struct klp_link_spec *spec, const char *path);

/* plan.c: the tables that the glue's code reads. */
struct klp_symbol_map;
struct err *klp_write_plan(const struct klp_link_spec *spec, const struct klp_symbol_map *map);

/* The module's symbol for a part's symbol; NULL when it has none. */
struct elf_symbol *klp_map_symbol(const struct klp_symbol_map *map, const struct klp_part *part,
				  const struct elf_symbol *symbol);

/* info.c: .modinfo, __versions and the module's name. */
struct err *klp_write_info(const struct klp_link_spec *spec);

#endif
