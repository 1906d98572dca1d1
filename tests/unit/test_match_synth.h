/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A linked kernel of one page, made of what a test puts in, and units to match with it. */
#ifndef SUTURE_TESTS_MATCH_SYNTH_H
#define SUTURE_TESTS_MATCH_SYNTH_H

#include <ctype.h>

#include "match/facts.h"
#include "unit.h"

#define WORLD_BASE 0xffffffff81000000ull
#define WORLD_SIZE 0x1000

struct world_symbol {
	const char *name;
	char type;
	uint64_t address;
};

struct world {
	struct shipped shipped; /* must come first, since ops get a pointer to it */
	uint8_t memory[WORLD_SIZE];
	struct VEC(struct world_symbol) symbols;
	uint64_t jump_table, jump_table_size;
};

static inline void world_find(const struct shipped *shipped, const char *name,
			      struct candidate_vec *found)
{
	const struct world *world = (const struct world *)shipped;
	size_t before = found->len;
	unsigned sympos = 0;

	vec_foreach(&world->symbols, it) {
		if (strcmp(it->name, name))
			continue;
		sympos++;
		vec_push(found, (struct candidate){
					.place.address = it->address,
					.global = isupper((unsigned char)it->type),
					.local = it->type == 'A' || islower(it->type),
					.sympos = sympos,
				});
	}
	if (found->len - before == 1)
		found->data[before].sympos = 0;
}

static inline bool world_read(const struct shipped *shipped, struct place place, uint64_t size,
			      struct bytes *bytes)
{
	const struct world *world = (const struct world *)shipped;

	return bytes_slice((struct bytes){world->memory, WORLD_SIZE}, place.address - WORLD_BASE,
			   size, bytes);
}

static inline bool world_section(const struct shipped *shipped, const char *name,
				 struct place *place, uint64_t *size)
{
	const struct world *world = (const struct world *)shipped;

	ck_assert_str_eq(name, "__jump_table");
	*place = (struct place){.address = world->jump_table};
	*size = world->jump_table_size;
	return *size;
}

static inline bool world_relocated(const struct shipped *shipped, struct place place, uint64_t size)
{
	(void)shipped, (void)place, (void)size;
	return false;
}

static inline void world_free(struct shipped *shipped)
{
	struct world *world = (struct world *)shipped;

	vec_free(&world->symbols);
	free(world);
}

static inline struct world *world_new(void)
{
	static const struct shipped_ops ops = {
		.find = world_find,
		.read = world_read,
		.solve = shipped_solve_linked,
		.section = world_section,
		.relocated = world_relocated,
		.free = world_free,
	};
	struct world *world = xcalloc(1, sizeof(*world));

	world->shipped.ops = &ops;
	memset(world->memory, 0x90, WORLD_SIZE);
	return world;
}

/* Adds a symbol. Offsets are from WORLD_BASE, and symbols must be added by address. */
static inline void world_symbol(struct world *world, const char *name, char type, uint64_t offset)
{
	vec_push(&world->symbols, (struct world_symbol){name, type, WORLD_BASE + offset});
}

static inline void world_put(struct world *world, uint64_t offset, const void *data, size_t size)
{
	memcpy(world->memory + offset, data, size);
}

static inline void world_put32(struct world *world, uint64_t offset, uint32_t value)
{
	world_put(world, offset, &value, sizeof(value));
}

/* Writes a field that is relative to its own end. */
static inline void world_relative(struct world *world, uint64_t field, uint64_t target)
{
	world_put32(world, field, target - (field + 4));
}

static inline void world_address(struct world *world, uint64_t field, uint64_t target)
{
	uint64_t address = WORLD_BASE + target;

	world_put(world, field, &address, sizeof(address));
}

static inline struct elf_symbol *unit_code(struct elf_object *unit, const char *name, uint8_t bind,
					   const void *code, size_t size)
{
	scope_free char *section_name = xasprintf(".text.%s", name);
	struct elf_section *section =
		elf_add_section(unit, section_name, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16);

	elf_section_append(unit, section, code, size, 1);
	return elf_add_symbol(unit, name, ELF64_ST_INFO(bind, STT_FUNC), section, 0, size);
}

static inline struct elf_symbol *unit_data(struct elf_object *unit, const char *name, uint8_t bind,
					   uint64_t flags, const void *data, size_t size)
{
	scope_free char *section_name =
		xasprintf("%s.%s", flags & SHF_WRITE ? ".data" : ".rodata", name);
	struct elf_section *section =
		elf_add_section(unit, section_name, SHT_PROGBITS, SHF_ALLOC | flags, 8);

	elf_section_append(unit, section, data, size, 1);
	return elf_add_symbol(unit, name, ELF64_ST_INFO(bind, STT_OBJECT), section, 0, size);
}

static inline struct elf_symbol *unit_external(struct elf_object *unit, const char *name)
{
	return elf_add_symbol(unit, name, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0);
}

/* Adds a relocation as assemblers do: local targets by their section, others by name. */
static inline void unit_rela(struct elf_object *unit, struct elf_symbol *from, uint64_t offset,
			     uint32_t type, struct elf_symbol *to, int64_t addend)
{
	if (to->section && to->bind == STB_LOCAL) {
		addend += to->value;
		to = elf_section_symbol(unit, to->section);
	}
	vec_push(&from->section->relas, (struct elf_rela){from->value + offset, type, to, addend});
}

static inline struct match *world_match(struct world *world, struct elf_object *unit)
{
	struct match *match = NULL;

	ck_assert_ok(match_new_shipped(&world->shipped, NULL, "vmlinux", unit, &match));
	return match;
}

static inline struct match_result proof_of(struct match *match, const struct elf_symbol *symbol)
{
	struct match_result result;

	ck_assert_ok(match_symbol(match, symbol, &result));
	return result;
}

#define ck_assert_proof(match, symbol, wanted)                                                     \
	do {                                                                                       \
		struct match_result proof_ = proof_of(match, symbol);                              \
		ck_assert_msg(proof_.proof == (wanted), "%s is %s: %s", (symbol)->name,            \
			      match_proof_name(proof_.proof), proof_.why ? proof_.why : "");       \
	} while (0)

/*
 * Checks that the symbol is proven exactly, at that offset of the world, and is the nth of its
 * name.
 */
#define ck_assert_exact(match, symbol, offset, position)                                           \
	do {                                                                                       \
		ck_assert_proof(match, symbol, MATCH_EXACT);                                       \
		ck_assert_uint_eq(proof_of(match, symbol).address, WORLD_BASE + (offset));         \
		ck_assert_uint_eq(proof_of(match, symbol).sympos, position);                       \
	} while (0)

#define ck_assert_different(match, symbol, text)                                                   \
	do {                                                                                       \
		ck_assert_proof(match, symbol, MATCH_DIFFERENT);                                   \
		ck_assert_msg(strstr(proof_of(match, symbol).why, text) != NULL, "%s",             \
			      proof_of(match, symbol).why);                                        \
	} while (0)

#endif
