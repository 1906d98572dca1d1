/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tail calls that are short jumps in the kernel, where all static functions share one .text. */
#include "test_match_synth.h"

/*
 *	test %edi, %edi
 *	je 1f
 *	jmp near_one		e9, relocated; eb in the kernel
 * 1:	nop; nop
 *	jmp back		to the test
 *	mov near_two, %eax	an ordinary field behind the jump
 *	ret
 */
static const uint8_t near_code[] = {0x85, 0xff, 0x74, 0x05, 0xe9, 0, 0, 0, 0, 0x90,
				    0x90, 0xeb, 0xf3, 0x8b, 0x05, 0, 0, 0, 0, 0xc3};
static const uint8_t shipped_code[] = {0x85, 0xff, 0x74, 0x02, 0xeb, 0, 0x90, 0x90, 0xeb,
				       0xf6, 0x8b, 0x05, 0,    0,    0, 0,    0xc3};

struct scene {
	struct world *world;
	struct elf_object *unit;
	struct elf_symbol *function, *near, *data, *next;
	struct match *match;
};

/*
 * Makes a kernel with the function at 0x100, near at 0x120, the next function at 0x140, and data at
 * 0x400.
 */
static struct scene scene_new(void)
{
	struct scene s = {.world = world_new(), .unit = elf_object_new("unit.o")};

	s.function = unit_code(s.unit, "function", STB_LOCAL, near_code, sizeof(near_code));
	s.near = unit_code(s.unit, "near", STB_LOCAL, "\x31\xc0\xc3", 3);
	s.next = unit_code(s.unit, "next", STB_WEAK, "\x31\xc9\xc3", 3);
	s.data = unit_data(s.unit, "data", STB_LOCAL, SHF_WRITE, NULL, 8);
	unit_rela(s.unit, s.function, 5, R_X86_64_PLT32, s.near, -4);
	unit_rela(s.unit, s.function, 15, R_X86_64_PC32, s.data, -4);

	world_put(s.world, 0x100, shipped_code, sizeof(shipped_code));
	s.world->memory[0x105] = 0x120 - 0x106;
	world_relative(s.world, 0x10c, 0x400);
	world_put(s.world, 0x120, "\x31\xc0\xc3", 3);
	world_symbol(s.world, "function", 't', 0x100);
	world_symbol(s.world, "near", 't', 0x120);
	world_symbol(s.world, "data", 'd', 0x400);
	world_symbol(s.world, "other", 't', 0x160);
	return s;
}

static void scene_free(struct scene *s)
{
	match_free(s->match);
	elf_object_free(s->unit);
}

#define scope_scene __attribute__((cleanup(scene_free))) struct scene

START_TEST(a_short_jump_is_the_same_jump)
{
	scope_scene s = scene_new();

	s.match = world_match(s.world, s.unit);
	ck_assert_exact(s.match, s.function, 0x100, 0);
	ck_assert_exact(s.match, s.data, 0x400, 0);
	ck_assert_exact(s.match, s.near, 0x120, 0);
}
END_TEST

START_TEST(a_short_jump_elsewhere_is_not)
{
	scope_scene s = scene_new();

	s.world->memory[0x105] = 0x160 - 0x106;
	s.match = world_match(s.world, s.unit);
	ck_assert_different(s.match, s.function, "refers to near");
}
END_TEST

START_TEST(branches_across_must_go_to_the_same_place)
{
	scope_scene s = scene_new();

	s.world->memory[0x103] = 3;
	s.match = world_match(s.world, s.unit);
	ck_assert_different(s.match, s.function, "byte 0x2: branches elsewhere");

	scope_scene back = scene_new();

	back.world->memory[0x109] = 0xf5;
	back.match = world_match(back.world, back.unit);
	ck_assert_different(back.match, back.function, "byte 0xb: branches elsewhere");

	scope_scene kind = scene_new();

	kind.world->memory[0x102] = 0x75;
	kind.match = world_match(kind.world, kind.unit);
	ck_assert_proof(kind.match, kind.function, MATCH_DIFFERENT);
}
END_TEST

START_TEST(bytes_behind_a_short_jump_count)
{
	for (size_t i = 0; i < sizeof(shipped_code); i++) {
		scope_scene s = scene_new();

		s.world->memory[0x100 + i] ^= 1;
		s.match = world_match(s.world, s.unit);
		ck_assert_proof(s.match, s.function, MATCH_DIFFERENT);
	}
}
END_TEST

/* An overridden weak function is right behind one that was shipped shorter: at 0x111, aligned. */
START_TEST(what_follows_moves_up)
{
	scope_scene s = scene_new();

	s.near->section->name = ".init.text"; /* now it is not between the two */
	s.next->section->align = 1;
	world_put(s.world, 0x111, "\x31\xc9\xc3", 3);
	world_put(s.world, 0x600, "\xb8\x01\x00\x00\x00\xc3", 6);
	world_symbol(s.world, "next", 'T', 0x600);
	s.match = world_match(s.world, s.unit);
	ck_assert_proof(s.match, s.next, MATCH_OVERRIDE);
}
END_TEST

START_TEST(a_function_at_the_end_of_the_file)
{
	scope_scene s = scene_new();
	uint64_t at = WORLD_SIZE - sizeof(shipped_code);

	world_put(s.world, at, shipped_code, sizeof(shipped_code));
	s.world->memory[at + 5] = 0x20 - 6;
	s.world->memory[at + 5] = -0x20 - 6;
	world_put(s.world, at - 0x20, "\x31\xc0\xc3", 3);
	world_relative(s.world, at + 12, 0x400);
	s.world->symbols.data[0].address = WORLD_BASE + at;
	s.world->symbols.data[1].address = WORLD_BASE + at - 0x20;
	s.match = world_match(s.world, s.unit);
	ck_assert_exact(s.match, s.function, at, 0);
}
END_TEST

/* objtool's --prefix adds 16 bytes of padding with their own name. */
static struct elf_symbol *padded(struct elf_object *unit, const char *name, uint8_t bind,
				 struct elf_symbol **padding)
{
	static const uint8_t code[] = {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
				       0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x31, 0xc9, 0xc3};
	scope_free char *padding_name = xasprintf("__pfx_%s", name);
	struct elf_symbol *symbol = unit_code(unit, name, bind, code, sizeof(code));

	*padding = elf_add_symbol(unit, padding_name, ELF64_ST_INFO(STB_LOCAL, STT_FUNC),
				  symbol->section, 0, 16);
	symbol->value = 16;
	symbol->size = 3;
	return symbol;
}

START_TEST(padding_goes_with_its_function)
{
	scope_scene s = scene_new();
	struct elf_symbol *own_padding, *weak_padding;
	struct elf_symbol *own = padded(s.unit, "own", STB_GLOBAL, &own_padding);
	struct elf_symbol *weak = padded(s.unit, "weak", STB_WEAK, &weak_padding);

	world_put(s.world, 0x210, "\x31\xc9\xc3", 3);
	world_put(s.world, 0x230, "\x31\xc9\xc3", 3); /* weak(), which has no name any more */
	world_put(s.world, 0x710, "\x31\xdb\xc3", 3);
	world_symbol(s.world, "__pfx_own", 't', 0x200);
	world_symbol(s.world, "own", 'T', 0x210);
	world_symbol(s.world, "__pfx_weak", 't', 0x700);
	world_symbol(s.world, "weak", 'T', 0x710);
	s.match = world_match(s.world, s.unit);
	ck_assert_proof(s.match, weak_padding, MATCH_OVERRIDE);
	ck_assert_proof(s.match, weak, MATCH_OVERRIDE);
	ck_assert_exact(s.match, own_padding, 0x200, 0);
	ck_assert_exact(s.match, own, 0x210, 0);
}
END_TEST

UNIT_SUITE("match code", a_short_jump_is_the_same_jump, a_short_jump_elsewhere_is_not,
	   branches_across_must_go_to_the_same_place, bytes_behind_a_short_jump_count,
	   what_follows_moves_up, a_function_at_the_end_of_the_file, padding_goes_with_its_function)
