/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines a part: one unit's code for one object of the kernel, ready to be linked. */
#ifndef SUTURE_KLP_PART_H
#define SUTURE_KLP_PART_H

#include <stdint.h>

#include "base/vec.h"
#include "elf/elf.h"

/* Binds an undefined symbol of a part to its meaning. */
enum klp_binding_kind {
	KLP_INTERNAL, /* a global symbol of another part */
	KLP_IMPORT,   /* an export of vmlinux, by name and CRC */
	KLP_SYMBOL,   /* a symbol that the kernel looks up when the patch is applied */
};

/* Names the export from which a symbol of vmlinux is reached, if the kernel need not look it up. */
enum klp_base {
	KLP_BASE_NONE,	 /* the kernel looks it up */
	KLP_BASE_ANCHOR, /* an exported symbol of vmlinux: anchor.h */
	KLP_BASE_ZERO,	 /* address 0: an offset in per-CPU data */
};

struct klp_binding {
	const struct elf_symbol *symbol; /* the part's undefined symbol */
	enum klp_binding_kind kind;
	const char *name;   /* the kernel's name for it */
	const char *object; /* KLP_SYMBOL: "vmlinux" or the module that defines it */
	unsigned sympos;    /* KLP_SYMBOL: the position that livepatch counts */
	enum klp_base base; /* KLP_SYMBOL: what it is reached from */
	int64_t distance;   /* KLP_SYMBOL: from the base */
	uint32_t crc;	    /* KLP_IMPORT: the export's CRC */
	const char *ns;	    /* KLP_IMPORT: its namespace, "" if it has none */
};

struct klp_func {
	const char *old_name;
	unsigned sympos;
	const struct elf_symbol *new_func; /* a symbol of the part */
};

struct klp_binding_vec VEC(struct klp_binding);
struct klp_func_vec VEC(struct klp_func);

/* A part does not own its strings. */
struct klp_part {
	const char *owner; /* "vmlinux" or the module to be patched */
	const char *file;
	const struct elf_object *object;
	struct klp_binding_vec bindings; /* one for each undefined symbol */
	struct klp_func_vec funcs;
};

struct klp_part_vec VEC(struct klp_part *);

#endif
