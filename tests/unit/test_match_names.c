/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that several shipped symbols have: told apart, or refused. */
#include "test_match_synth.h"

static const uint8_t call_code[] = {0xe8, 0, 0, 0, 0, 0xc3}; /* call something; ret */

static struct elf_symbol *caller(struct elf_object *unit, const char *name,
				 struct elf_symbol *callee)
{
	struct elf_symbol *symbol = unit_code(unit, name, STB_LOCAL, call_code, sizeof(call_code));

	if (callee)
		unit_rela(unit, symbol, 1, R_X86_64_PLT32, callee, -4);
	return symbol;
}

static void world_caller(struct world *world, const char *name, uint64_t offset, uint64_t callee)
{
	world_put(world, offset, call_code, sizeof(call_code));
	world_relative(world, offset + 1, callee);
	if (name)
		world_symbol(world, name, 't', offset);
}

/*
 * Makes a kernel with three functions show(), at 0x200, 0x300 and 0x400, each of which calls the
 * given address.
 */
static struct world *three_shows(uint64_t a, uint64_t b, uint64_t c)
{
	struct world *world = world_new();

	world_caller(world, "show", 0x200, a);
	world_caller(world, "show", 0x300, b);
	world_caller(world, "show", 0x400, c);
	world_symbol(world, "seq_one", 'T', 0x800);
	world_symbol(world, "seq_two", 'T', 0x840);
	return world;
}

START_TEST(told_by_what_it_calls)
{
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *show = caller(unit, "show", unit_external(unit, "seq_two"));
	scope_match match = world_match(three_shows(0x800, 0x840, 0x800), unit);

	ck_assert_exact(match, show, 0x300, 2);
	ck_assert_uint_eq(proof_of(match, show).count, 3);
}
END_TEST

START_TEST(refused_when_nothing_tells)
{
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *show = caller(unit, "show", unit_external(unit, "seq_one"));
	scope_match match = world_match(three_shows(0x800, 0x840, 0x800), unit);

	ck_assert_proof(match, show, MATCH_AMBIGUOUS);
}
END_TEST

START_TEST(none_of_several_is_different)
{
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *show = caller(unit, "show", unit_external(unit, "seq_one"));
	scope_match match = world_match(three_shows(0x840, 0x840, 0x840), unit);

	ck_assert_different(match, show, "none of 3");
}
END_TEST

START_TEST(told_by_a_caller)
{
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *show = caller(unit, "show", unit_external(unit, "seq_one"));
	struct elf_symbol *user = caller(unit, "user", show);
	struct world *world = three_shows(0x800, 0x800, 0x800);

	show->section->name = ".init.text"; /* it has no neighbours */
	world_caller(world, "user", 0x100, 0x400);

	scope_match match = world_match(world, unit);

	ck_assert_exact(match, show, 0x400, 3);
	ck_assert_exact(match, user, 0x100, 0);
}
END_TEST

START_TEST(told_by_the_neighbour_before)
{
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *seq_one = unit_external(unit, "seq_one");
	struct elf_symbol *first = caller(unit, "first", seq_one);
	struct elf_symbol *show = caller(unit, "show", seq_one);
	struct world *world = three_shows(0x800, 0x800, 0x800);

	world_caller(world, "first", 0x2f0, 0x800);

	scope_match match = world_match(world, unit);

	ck_assert_exact(match, show, 0x300, 2);
	ck_assert_exact(match, first, 0x2f0, 0);
}
END_TEST

START_TEST(told_by_the_neighbour_behind)
{
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *seq_one = unit_external(unit, "seq_one");
	struct elf_symbol *show = caller(unit, "show", seq_one);
	struct elf_symbol *same = caller(unit, "same", seq_one);
	struct world *world = three_shows(0x800, 0x800, 0x800);

	world_caller(world, "same", 0x210, 0x800);
	world_caller(world, "same", 0x310, 0x840);

	scope_match match = world_match(world, unit);

	ck_assert_exact(match, same, 0x210, 1);
	ck_assert_exact(match, show, 0x200, 1);
}
END_TEST

/*
 * The only candidate that matches belongs to another file, since this unit's own function was
 * changed.
 */
START_TEST(another_files_twin_is_not_taken)
{
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *seq_one = unit_external(unit, "seq_one");
	struct elf_symbol *show, *last;
	struct world *world = three_shows(0x840, 0x800, 0x840);

	caller(unit, "first", seq_one);
	show = caller(unit, "show", seq_one);
	last = caller(unit, "last", seq_one);
	world_caller(world, "first", 0x1f0, 0x800);
	world_caller(world, "last", 0x210, 0x800);

	scope_match match = world_match(world, unit);

	ck_assert_different(match, show, "none of 3");
	ck_assert_exact(match, last, 0x210, 0);
}
END_TEST

START_TEST(told_by_an_ops_table)
{
	static const uint8_t load_code[] = {0x8b, 0x05, 0, 0, 0, 0, 0xc3};
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *show = caller(unit, "show", unit_external(unit, "seq_one"));
	struct elf_symbol *ops = unit_data(unit, "ops", STB_LOCAL, SHF_WRITE, NULL, 16);
	struct elf_symbol *user = unit_code(unit, "user", STB_LOCAL, load_code, 7);
	struct world *world = three_shows(0x800, 0x800, 0x800);

	show->section->name = ".init.text";
	unit_rela(unit, ops, 8, R_X86_64_64, show, 0);
	unit_rela(unit, user, 2, R_X86_64_PC32, ops, -4);
	world_put(world, 0x100, load_code, 7);
	world_relative(world, 0x102, 0x900);
	world_address(world, 0x908, 0x300);
	world_symbol(world, "user", 't', 0x100);
	world_symbol(world, "ops", 'd', 0x900);
	world_symbol(world, "ops", 'd', 0x940);

	scope_match match = world_match(world, unit);

	ck_assert_exact(match, show, 0x300, 2);
	ck_assert_exact(match, ops, 0x900, 1);
}
END_TEST

START_TEST(static_keys_are_told_by_the_jump_table)
{
	static const uint8_t nop_code[] = {0x0f, 0x1f, 0x44, 0, 0, 0xc3};
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *user = unit_code(unit, "user", STB_LOCAL, nop_code, 6);
	struct elf_symbol *key = unit_data(unit, "key", STB_LOCAL, SHF_WRITE, NULL, 16);
	struct elf_section *table =
		elf_add_section(unit, "__jump_table", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 8);
	struct elf_symbol *entry = elf_section_symbol(unit, table);
	struct world *world = world_new();
	uint64_t key_field = WORLD_BASE + 0x300 - (WORLD_BASE + 0xa18);

	elf_section_append(unit, table, NULL, 16, 8);
	unit_rela(unit, entry, 0, R_X86_64_PC32, user, 0);
	unit_rela(unit, entry, 4, R_X86_64_PC32, user, 5);
	unit_rela(unit, entry, 8, R_X86_64_PC64, key, 0);
	world_put(world, 0x100, nop_code, 6);
	world_put32(world, 0xa00, 0x555); /* an entry of another unit */
	world_put32(world, 0xa10, 0x100 - 0xa10);
	world_put(world, 0xa18, &key_field, 8);
	world->jump_table = WORLD_BASE + 0xa00;
	world->jump_table_size = 0x20;
	world_symbol(world, "user", 't', 0x100);
	world_symbol(world, "key", 'd', 0x200);
	world_symbol(world, "key", 'd', 0x300);

	scope_match match = world_match(world, unit);

	ck_assert_exact(match, key, 0x300, 2);
	ck_assert_exact(match, user, 0x100, 0);
}
END_TEST

START_TEST(static_data_nobody_refers_to)
{
	scope_elf unit = elf_object_new("unit.o");
	struct elf_symbol *only = unit_data(unit, "only", STB_LOCAL, SHF_WRITE, NULL, 8);
	struct elf_symbol *twin = unit_data(unit, "twin", STB_LOCAL, SHF_WRITE, NULL, 8);
	struct elf_symbol *exported = unit_data(unit, "exported", STB_LOCAL, SHF_WRITE, NULL, 8);
	struct world *world = world_new();

	world_symbol(world, "only", 'd', 0x100);
	world_symbol(world, "twin", 'd', 0x200);
	world_symbol(world, "twin", 'd', 0x300);
	world_symbol(world, "exported", 'D', 0x400);

	scope_match match = world_match(world, unit);

	ck_assert_exact(match, only, 0x100, 0);
	ck_assert_proof(match, twin, MATCH_AMBIGUOUS);
	ck_assert_proof(match, exported, MATCH_ABSENT);
}
END_TEST

UNIT_SUITE("match names", told_by_what_it_calls, refused_when_nothing_tells,
	   none_of_several_is_different, told_by_a_caller, told_by_the_neighbour_before,
	   told_by_the_neighbour_behind, another_files_twin_is_not_taken, told_by_an_ops_table,
	   static_keys_are_told_by_the_jump_table, static_data_nobody_refers_to)
