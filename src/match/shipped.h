/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gives access to the shipped code, in the same way for a linked vmlinux and a relocatable module.
 *
 * Functions that return a reason give NULL when all is well, else a line for people that the
 * caller frees.
 */
#ifndef SUTURE_MATCH_SHIPPED_H
#define SUTURE_MATCH_SHIPPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/vec.h"
#include "elf/elf.h"
#include "image/image.h"

/* The place of a function or variable in the shipped code. */
struct place {
	const struct elf_section *section; /* of the module; NULL in vmlinux */
	const struct elf_symbol *import;   /* what a module imports: address counts from it */
	uint64_t address;
};

bool place_equal(struct place a, struct place b);
struct place place_add(struct place place, int64_t offset);
/* "0xffffffff81000000" or ".text+0x10" or "printk+0x0"; owned by the caller. */
char *place_text(struct place place);

#define SYMPOS_NONE UINT32_MAX /* livepatch cannot say which one is meant */

/* A shipped symbol of some name. */
struct candidate {
	struct place place;
	uint64_t size;	    /* 0: not known */
	bool global, local; /* one of them, or both when that is not known */
	unsigned sympos;
};

struct candidate_vec VEC(struct candidate);

struct shipped;

struct shipped_ops {
	/* Appends all symbols of that name, in the order that sympos counts. */
	void (*find)(const struct shipped *shipped, const char *name, struct candidate_vec *found);
	/* Contents, as far as the file has them. */
	bool (*read)(const struct shipped *shipped, struct place place, uint64_t size,
		     struct bytes *bytes);
	/*
	 * The place that the symbol of a pre object's relocation must have for the field to be
	 * right.
	 */
	char *(*solve)(const struct shipped *shipped, struct place field,
		       const struct elf_rela *rela, struct place *target);
	/* A section by name: where it starts. */
	bool (*section)(const struct shipped *shipped, const char *name, struct place *place,
			uint64_t *size);
	/* Returns whether the file relocates any of these bytes; always false for linked code. */
	bool (*relocated)(const struct shipped *shipped, struct place place, uint64_t size);
	void (*free)(struct shipped *shipped);
};

struct shipped {
	const struct shipped_ops *ops;
};

/* Solves a field of linked code from its contents. */
char *shipped_solve_linked(const struct shipped *shipped, struct place field,
			   const struct elf_rela *rela, struct place *target);

/* Returns the number of relocations in [offset, offset + size) of a section; sets *first to the
 * first. */
size_t shipped_relas_between(const struct elf_section *section, uint64_t offset, uint64_t size,
			     const struct elf_rela **first);

/*
 * objtool names the padding before each function (--prefix, 6.2); in vmlinux that is done after
 * the link, when an overridden weak function has no name any more.
 */
#define PADDING_PREFIX "__pfx_"

#endif
