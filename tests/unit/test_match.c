/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of vmlinux: proof by bytes and by what is referred to. */
#include "test_match_synth.h"

/* The code is: call helper; mov $string, %rdi; mov table(%rip), %eax; ret */
static const uint8_t worker_code[] = {0xe8, 0, 0,    0,	   0, 0x48, 0xc7, 0xc7, 0,   0,
				      0,    0, 0x8b, 0x05, 0, 0,    0,	  0,	0xc3};

struct scene {
	struct world *world; /* the match owns it */
	struct elf_object *unit;
	struct elf_symbol *worker, *helper, *table, *strings;
	struct match *match;
};

/* Makes a kernel with worker() at 0x100, helper() at 0x200, "no" at 0x300 and table at 0x400. */
static struct scene scene_new(void)
{
	struct scene s = {.world = world_new(), .unit = elf_object_new("unit.o")};
	struct elf_section *strings = elf_add_section(s.unit, ".rodata.str1.1", SHT_PROGBITS,
						      SHF_ALLOC | SHF_MERGE | SHF_STRINGS, 1);

	strings->entsize = 1;
	elf_section_append(s.unit, strings, "yes\0no", 7, 1);
	s.strings = elf_section_symbol(s.unit, strings);
	s.worker = unit_code(s.unit, "worker", STB_LOCAL, worker_code, sizeof(worker_code));
	s.table = unit_data(s.unit, "table", STB_LOCAL, SHF_WRITE, "abcdefg", 8);
	s.helper = unit_external(s.unit, "helper");
	unit_rela(s.unit, s.worker, 1, R_X86_64_PLT32, s.helper, -4);
	unit_rela(s.unit, s.worker, 8, R_X86_64_32S, s.strings, 4);
	unit_rela(s.unit, s.worker, 14, R_X86_64_PC32, s.table, -4);

	world_put(s.world, 0x100, worker_code, sizeof(worker_code));
	world_relative(s.world, 0x101, 0x200);
	world_put32(s.world, 0x108, (uint32_t)WORLD_BASE + 0x300);
	world_relative(s.world, 0x10e, 0x400);
	world_put(s.world, 0x300, "no", 3);
	world_symbol(s.world, "worker", 't', 0x100);
	world_symbol(s.world, "helper", 'T', 0x200);
	world_symbol(s.world, "table", 'd', 0x400);
	return s;
}

static void scene_match(struct scene *s)
{
	s->match = world_match(s->world, s->unit);
}

static void scene_free(struct scene *s)
{
	match_free(s->match);
	elf_object_free(s->unit);
}

#define scope_scene __attribute__((cleanup(scene_free))) struct scene

START_TEST(same_code_is_exact)
{
	scope_scene s = scene_new();

	scene_match(&s);
	ck_assert_exact(s.match, s.worker, 0x100, 0);
	ck_assert_exact(s.match, s.table, 0x400, 0);
	ck_assert_exact(s.match, s.helper, 0x200, 0);
	ck_assert_ptr_null(proof_of(s.match, s.worker).why);
}
END_TEST

START_TEST(one_flipped_byte_is_different)
{
	for (size_t i = 0; i < sizeof(worker_code); i++) {
		scope_scene s = scene_new();

		s.world->memory[0x100 + i] ^= 1;
		scene_match(&s);
		ck_assert_proof(s.match, s.worker, MATCH_DIFFERENT);
	}
	scope_scene s = scene_new();

	s.world->memory[0x112] = 0xc2;
	scene_match(&s);
	ck_assert_different(s.match, s.worker, "byte 0x12: c3, shipped c2");
}
END_TEST

START_TEST(another_string_is_different)
{
	scope_scene s = scene_new();

	world_put(s.world, 0x300, "non", 4);
	scene_match(&s);
	ck_assert_different(s.match, s.worker, "the string \"no\"");
}
END_TEST

START_TEST(another_callee_is_different)
{
	scope_scene s = scene_new();

	world_symbol(s.world, "other", 'T', 0x240);
	world_relative(s.world, 0x101, 0x240);
	scene_match(&s);
	ck_assert_different(s.match, s.worker, "refers to helper");
}
END_TEST

START_TEST(another_constant_is_different)
{
	scope_scene s = scene_new();

	s.table->section->flags &= ~SHF_WRITE;
	world_put(s.world, 0x400, "abcdefg", 8);
	scene_match(&s);
	ck_assert_exact(s.match, s.worker, 0x100, 0);

	scope_scene changed = scene_new();

	changed.table->section->flags &= ~SHF_WRITE;
	world_put(changed.world, 0x400, "abcdefx", 8);
	scene_match(&changed);
	ck_assert_different(changed.match, changed.worker, ".data.table: byte 0x6");
}
END_TEST

START_TEST(functions_must_agree_on_data)
{
	scope_scene s = scene_new();
	/* It loads the same table, but the kernel has another one of that name there. */
	struct elf_symbol *second = unit_code(s.unit, "second", STB_LOCAL, worker_code + 12, 7);

	unit_rela(s.unit, second, 2, R_X86_64_PC32, s.table, -4);
	world_put(s.world, 0x140, worker_code + 12, 7);
	world_relative(s.world, 0x142, 0x480);
	world_symbol(s.world, "second", 't', 0x140);
	world_symbol(s.world, "table", 'd', 0x480);
	scene_match(&s);
	ck_assert_exact(s.match, s.worker, 0x100, 0);
	ck_assert_exact(s.match, s.table, 0x400, 1);
	ck_assert_different(s.match, second, "for worker");
}
END_TEST

START_TEST(missing_symbols_are_absent)
{
	scope_scene s = scene_new();
	struct elf_symbol *newer = unit_code(s.unit, "newer", STB_GLOBAL, "\xc3", 1);
	struct elf_symbol *nobody = unit_external(s.unit, "nobody");
	struct match_result result;

	scene_match(&s);
	ck_assert_proof(s.match, newer, MATCH_ABSENT);
	ck_assert_proof(s.match, nobody, MATCH_ABSENT);
	ck_assert_ok(match_name(s.match, "nobody", &result));
	ck_assert_int_eq(result.proof, MATCH_ABSENT);
	ck_assert_fails(match_function(s.match, nobody, &result), "not a function");
}
END_TEST

START_TEST(external_names_mean_global_symbols)
{
	scope_scene s = scene_new();
	struct elf_symbol *shared = unit_external(s.unit, "shared");
	struct match_result result;

	world_symbol(s.world, "shared", 't', 0x500);
	world_symbol(s.world, "shared", 'T', 0x510);
	world_symbol(s.world, "shared", 'd', 0x520);
	scene_match(&s);
	ck_assert_exact(s.match, shared, 0x510, 2);
	ck_assert_uint_eq(proof_of(s.match, shared).count, 3);
	ck_assert_ok(match_name(s.match, "shared", &result));
	ck_assert_int_eq(result.proof, MATCH_EXACT);
	ck_assert_uint_eq(result.sympos, 2);
}
END_TEST

START_TEST(per_cpu_symbols_may_be_static)
{
	scope_scene s = scene_new();

	s.world->symbols.data[2].type = 'A';
	scene_match(&s);
	ck_assert_exact(s.match, s.worker, 0x100, 0);
	ck_assert_exact(s.match, s.table, 0x400, 0);
}
END_TEST

START_TEST(an_undefined_weak_symbol_is_zero)
{
	scope_scene s = scene_new();

	s.helper->bind = STB_WEAK;
	s.helper->name = "nobody";
	world_put32(s.world, 0x101, -(uint32_t)(WORLD_BASE + 0x105));
	scene_match(&s);
	ck_assert_exact(s.match, s.worker, 0x100, 0);

	scope_scene strong = scene_new();

	strong.helper->name = "nobody";
	world_put32(strong.world, 0x101, -(uint32_t)(WORLD_BASE + 0x105));
	scene_match(&strong);
	ck_assert_different(strong.match, strong.worker, "refers to nobody");
}
END_TEST

START_TEST(an_overridden_weak_function_is_found_behind_its_neighbour)
{
	scope_scene s = scene_new();
	struct elf_symbol *hook = unit_code(s.unit, "hook", STB_WEAK, "\x31\xc0\xc3", 3);

	world_put(s.world, 0x120, "\x31\xc0\xc3", 3);
	world_put(s.world, 0x600, "\xb8\x01\x00\x00\x00\xc3", 6);
	world_symbol(s.world, "hook", 'T', 0x600);
	scene_match(&s);
	ck_assert_proof(s.match, hook, MATCH_OVERRIDE);

	scope_scene other = scene_new();

	hook = unit_code(other.unit, "hook", STB_WEAK, "\x31\xc0\xc3", 3);
	world_put(other.world, 0x600, "\xb8\x01\x00\x00\x00\xc3", 6);
	world_symbol(other.world, "hook", 'T', 0x600);
	scene_match(&other);
	ck_assert_different(other.match, hook, "byte 0x0: 31, shipped b8");

	scope_scene own = scene_new();

	hook = unit_code(own.unit, "hook", STB_WEAK, "\x31\xc0\xc3", 3);
	world_put(own.world, 0x600, "\x31\xc0\xc3", 3);
	world_symbol(own.world, "hook", 'W', 0x600);
	scene_match(&own);
	ck_assert_exact(own.match, hook, 0x600, 0);
}
END_TEST

/* helper() has a weak definition in the unit, but the kernel's worker() calls another one. */
START_TEST(calls_of_an_overridden_function)
{
	scope_scene s = scene_new();
	struct elf_section *section = elf_add_section(s.unit, ".text.helper", SHT_PROGBITS,
						      SHF_ALLOC | SHF_EXECINSTR, 16);

	elf_section_append(s.unit, section, "\x31\xc0\xc3", 3, 1);
	s.helper->section = section;
	s.helper->bind = STB_WEAK;
	s.helper->type = STT_FUNC;
	s.helper->size = 3;
	world_put(s.world, 0x120, "\x31\xc0\xc3", 3);
	scene_match(&s);
	ck_assert_proof(s.match, s.helper, MATCH_OVERRIDE);
	ck_assert_exact(s.match, s.worker, 0x100, 0);
	ck_assert_uint_eq(proof_of(s.match, s.helper).address, WORLD_BASE + 0x200);
}
END_TEST

START_TEST(unsigned_fields_are_unsigned)
{
	scope_scene s = scene_new();

	s.worker->section->relas.data[1] =
		(struct elf_rela){8, R_X86_64_32, unit_external(s.unit, "high"), 0};
	world_put32(s.world, 0x108, 0x80000000);
	vec_push(&s.world->symbols, (struct world_symbol){"high", 'A', 0x80000000});
	scene_match(&s);
	ck_assert_exact(s.match, s.worker, 0x100, 0);
}
END_TEST

START_TEST(what_is_filled_in_later_may_differ)
{
	scope_scene s = scene_new();

	s.table->section->flags &= ~SHF_WRITE;
	s.table->section->name = ".BTF_ids";
	scene_match(&s);
	ck_assert_exact(s.match, s.worker, 0x100, 0);
}
END_TEST

START_TEST(objects_must_be_numbered)
{
	scope_elf unit = elf_object_new("unit.o");
	struct match *match = NULL;

	unit_external(unit, "a");
	unit_external(unit, "b")->index = 1;
	ck_assert_fails(match_new_shipped(&world_new()->shipped, NULL, "vmlinux", unit, &match),
			"unit.o: symbols b and a both have number 1");
}
END_TEST

UNIT_SUITE("match", same_code_is_exact, one_flipped_byte_is_different, another_string_is_different,
	   another_callee_is_different, another_constant_is_different, functions_must_agree_on_data,
	   missing_symbols_are_absent, external_names_mean_global_symbols,
	   per_cpu_symbols_may_be_static, an_undefined_weak_symbol_is_zero,
	   an_overridden_weak_function_is_found_behind_its_neighbour,
	   calls_of_an_overridden_function, unsigned_fields_are_unsigned,
	   what_is_filled_in_later_may_differ, objects_must_be_numbered)
