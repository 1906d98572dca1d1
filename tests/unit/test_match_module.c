/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of modules: relocations against relocations. */
#include "match/shipped_module.h"
#include "test_match_synth.h"

/* The code is: call helper; mov $string, %rdi; call near; ret */
static const uint8_t worker_code[] = {0xe8, 0, 0, 0,	0, 0x48, 0xc7, 0xc7, 0,
				      0,    0, 0, 0xe8, 0, 0,	 0,    0,    0xc3};

struct scene {
	struct elf_object *unit, *module;
	struct elf_section *text, *init, *strings;
	struct elf_symbol *worker, *helper, *near; /* symbols of the unit */
	struct elf_symbol *imported;		   /* a symbol of the module */
	struct world *vmlinux;
	struct match *match;
};

static struct elf_section *add_strings(struct elf_object *obj, const char *text, size_t size)
{
	struct elf_section *section = elf_add_section(obj, ".rodata.str1.1", SHT_PROGBITS,
						      SHF_ALLOC | SHF_MERGE | SHF_STRINGS, 1);

	section->entsize = 1;
	elf_section_append(obj, section, text, size, 1);
	return section;
}

static struct elf_symbol *module_symbol(struct scene *s, const char *name, uint8_t bind,
					struct elf_section *section, uint64_t value, uint64_t size)
{
	return elf_add_symbol(s->module, name, ELF64_ST_INFO(bind, STT_FUNC), section, value, size);
}

/*
 * Makes the module: worker() at .text+0x10, near() at .text+0x40, whose call needs no relocation.
 */
static void add_module(struct scene *s)
{
	struct elf_symbol place = {};

	s->module = elf_object_new("module.ko");
	s->text = elf_add_section(s->module, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16);
	s->init = elf_add_section(s->module, ".init.text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
				  16);
	elf_section_append(s->module, s->text, NULL, 0x60, 16);
	elf_section_append(s->module, s->init, NULL, 0x60, 16);
	memcpy(s->text->data + 0x10, worker_code, sizeof(worker_code));
	s->text->data[0x10 + 13] = 0x40 - (0x10 + 17);
	memcpy(s->text->data + 0x40, "\x31\xc0\xc3", 3);
	s->strings = add_strings(s->module, "other\0no", 9);
	s->imported = unit_external(s->module, "helper");
	module_symbol(s, "worker", STB_LOCAL, s->text, 0x10, sizeof(worker_code));
	module_symbol(s, "near", STB_LOCAL, s->text, 0x40, 3);
	place.section = s->text;
	unit_rela(s->module, &place, 0x11, R_X86_64_PLT32, s->imported, -4);
	unit_rela(s->module, &place, 0x18, R_X86_64_32S, elf_section_symbol(s->module, s->strings),
		  6);
}

static struct scene scene_new(void)
{
	struct scene s = {.unit = elf_object_new("unit.o"), .vmlinux = world_new()};
	struct elf_section *strings = add_strings(s.unit, "no", 3);

	s.worker = unit_code(s.unit, "worker", STB_LOCAL, worker_code, sizeof(worker_code));
	s.near = unit_code(s.unit, "near", STB_LOCAL, "\x31\xc0\xc3", 3);
	s.helper = unit_external(s.unit, "helper");
	unit_rela(s.unit, s.worker, 1, R_X86_64_PLT32, s.helper, -4);
	unit_rela(s.unit, s.worker, 8, R_X86_64_32S, elf_section_symbol(s.unit, strings), 0);
	unit_rela(s.unit, s.worker, 13, R_X86_64_PLT32, s.near, -4);
	add_module(&s);
	world_symbol(s.vmlinux, "helper", 'T', 0x200);
	return s;
}

static void scene_match(struct scene *s)
{
	ck_assert_ok(match_new_shipped(shipped_module_new(s->module), &s->vmlinux->shipped, "mod",
				       s->unit, &s->match));
}

static void scene_free(struct scene *s)
{
	match_free(s->match);
	elf_object_free(s->unit);
	elf_object_free(s->module);
}

#define scope_scene __attribute__((cleanup(scene_free))) struct scene

START_TEST(same_relocations_are_exact)
{
	scope_scene s = scene_new();
	struct match_result result;

	scene_match(&s);
	ck_assert_proof(s.match, s.worker, MATCH_EXACT);
	result = proof_of(s.match, s.worker);
	ck_assert_ptr_eq(result.section, s.text);
	ck_assert_uint_eq(result.address, 0x10);
	ck_assert_uint_eq(result.sympos, 0);
	ck_assert_proof(s.match, s.near, MATCH_EXACT);
	ck_assert_uint_eq(proof_of(s.match, s.near).address, 0x40);
}
END_TEST

START_TEST(imports_are_vmlinux_or_another_modules)
{
	scope_scene s = scene_new();
	struct match_result result;

	scene_match(&s);
	result = proof_of(s.match, s.helper);
	ck_assert_int_eq(result.proof, MATCH_EXACT);
	ck_assert_ptr_null(result.section);
	ck_assert_uint_eq(result.address, WORLD_BASE + 0x200);
	ck_assert_ok(match_name(s.match, "elsewhere", &result));
	ck_assert_int_eq(result.proof, MATCH_IMPORT);
	ck_assert_ok(match_name(s.match, "helper", &result));
	ck_assert_int_eq(result.proof, MATCH_EXACT);
}
END_TEST

START_TEST(another_import_is_different)
{
	scope_scene s = scene_new();

	s.imported->name = "helped";
	scene_match(&s);
	ck_assert_different(s.match, s.worker,
			    "refers to helper, but the shipped code refers to helped");
}
END_TEST

START_TEST(another_call_inside_the_section_is_different)
{
	scope_scene s = scene_new();

	s.text->data[0x10 + 13]++;
	scene_match(&s);
	ck_assert_different(s.match, s.worker, "refers to near");
}
END_TEST

START_TEST(another_string_is_different)
{
	scope_scene s = scene_new();

	s.strings->data[6] = 'N';
	scene_match(&s);
	ck_assert_different(s.match, s.worker, "the string \"no\"");
}
END_TEST

START_TEST(another_kind_of_relocation_is_different)
{
	scope_scene s = scene_new();

	s.text->relas.data[1].type = R_X86_64_32;
	scene_match(&s);
	ck_assert_different(s.match, s.worker, "has relocation type");
}
END_TEST

START_TEST(a_relocation_only_there_is_different)
{
	scope_scene s = scene_new(), inside = scene_new();
	struct elf_symbol place = {.section = s.text};

	unit_rela(s.module, &place, 0x21, R_X86_64_8, s.imported, 0);
	scene_match(&s);
	ck_assert_different(s.match, s.worker, "the shipped code has a relocation");

	place.section = inside.text;
	unit_rela(inside.module, &place, 0x1e, R_X86_64_8, inside.imported, 0);
	scene_match(&inside);
	ck_assert_different(inside.match, inside.worker, "another field");
}
END_TEST

START_TEST(a_flipped_byte_is_different)
{
	scope_scene s = scene_new();

	s.text->data[0x10 + 17] ^= 1;
	scene_match(&s);
	ck_assert_different(s.match, s.worker, "byte 0x11");
}
END_TEST

START_TEST(a_longer_function_is_different)
{
	scope_scene s = scene_new();

	s.near->size = 2;
	scene_match(&s);
	ck_assert_different(s.match, s.near, "2 bytes long, shipped 3");
}
END_TEST

START_TEST(positions_follow_the_symbol_table)
{
	scope_scene s = scene_new();

	/*
	 * Of the two other symbols of that name, one is before and one behind the right one in the
	 * table, whatever their addresses.
	 */
	memcpy(s.text->data + 0x50, "\x31\xdb\xc3", 3);
	memcpy(s.text->data, "\x31\xdb\xc3", 3);
	module_symbol(&s, "near", STB_LOCAL, s.text, 0x50, 3);
	module_symbol(&s, "near", STB_LOCAL, s.text, 0, 3);
	s.module->symbols.data[2]->section = s.text;
	scene_match(&s);
	ck_assert_proof(s.match, s.near, MATCH_EXACT);
	ck_assert_uint_eq(proof_of(s.match, s.near).sympos, 1);
	ck_assert_uint_eq(proof_of(s.match, s.near).count, 3);
}
END_TEST

/* After loading a module, the kernel drops the symbols of its init code. */
START_TEST(an_init_symbol_before_shifts_the_position)
{
	scope_scene s = scene_new();
	struct elf_symbol *near;

	module_symbol(&s, "near", STB_LOCAL, s.init, 0, 3);
	scene_match(&s);
	ck_assert_proof(
		s.match, s.near,
		MATCH_EXACT); /* the init symbol is behind it, so the position is 1 in both cases */
	ck_assert_uint_eq(proof_of(s.match, s.near).sympos, 1);

	scope_scene before = scene_new();

	near = module_symbol(&before, "near", STB_LOCAL, before.init, 0, 3);
	near->index = 0; /* now it comes first in the symbol table */
	scene_match(&before);
	ck_assert_proof(before.match, before.near, MATCH_AMBIGUOUS);
	ck_assert_ptr_nonnull(strstr(proof_of(before.match, before.near).why, "init"));
}
END_TEST

UNIT_SUITE("match module", same_relocations_are_exact, imports_are_vmlinux_or_another_modules,
	   another_import_is_different, another_call_inside_the_section_is_different,
	   another_string_is_different, another_kind_of_relocation_is_different,
	   a_relocation_only_there_is_different, a_flipped_byte_is_different,
	   a_longer_function_is_different, positions_follow_the_symbol_table,
	   an_init_symbol_before_shifts_the_position)
