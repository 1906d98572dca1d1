/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares machine code with machine code, relocated fields aside. */
#ifndef SUTURE_MATCH_CODE_H
#define SUTURE_MATCH_CODE_H

#include "match/facts.h"

/*
 * Jumps that the assembler made shorter in the shipped code: after `offset` bytes of pre's, a
 * total of `less` bytes are not in the shipped one.
 */
struct shift {
	uint64_t offset, less;
};

struct shift_vec VEC(struct shift);

/* A relocated jump of pre that was shipped without relocation. */
struct short_jump {
	const struct elf_rela *rela;
	uint64_t target; /* from the start of the shipped function */
};

/* Describes how a function of pre lies over the shipped code. */
struct code_map {
	struct shift_vec shifts;
	struct VEC(struct short_jump) jumps;
};

void code_map_free(struct code_map *map);
#define scope_code_map __attribute__((cleanup(code_map_free))) struct code_map

/* Returns the offset in the shipped function of an offset in pre's function. */
uint64_t code_map_offset(const struct code_map *map, uint64_t offset);

/* Compares bytes of pre that are not relocated with those at place; gives a reason or NULL. */
char *code_compare_bytes(const struct match *match, const struct elf_section *section,
			 uint64_t offset, uint64_t size, struct place place);

/* Compares a function, whose jumps to neighbours may be shorter, and fills map. */
char *code_compare(const struct match *match, const struct elf_symbol *function, struct place place,
		   struct code_map *map);

/* Upper limit of what short jumps can save in a section. */
uint64_t code_shrinkable(const struct elf_section *section);

#endif
