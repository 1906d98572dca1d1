/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbols reached by their distance from an exported one: the writer, and the check of its result.
 */
#include "base/file.h"
#include "base/tempdir.h"
#include "image/image.h"
#include "klp/anchor.h"
#include "klp/anchor_check.h"
#include "klp/guard.h"
#include "klp/link.h"
#include "klp/link_symbols.h"
#include "klp_glue.h"
#include "test_image_synth.h"
#include "unit.h"

#define ANCHOR_AT (SYNTH_TEXT + 0x100)
#define HIDDEN_AT (SYNTH_TEXT + 0x40)
#define VARIABLE_AT (SYNTH_BSS + 0x80)
#define PER_CPU_AT 0x40
#define FAR_AT 0xffffffffc0000000ull

/* The differences between the images of this file. */
struct kind {
	bool bisecting; /* its livepatch code does not walk all symbols */
	const char *text;
	uint64_t per_cpu;
	uint64_t moved; /* how far "hidden" lies from where it is in other images */
	char build;	/* a byte of its build id */
};

static const struct kind usual = {.text = ".text", .build = 1};

static void add_symbols(struct synth_symbol_vec *symbols, const struct kind *kind,
			uint64_t banner_at)
{
	synth_add(symbols, kind->per_cpu + PER_CPU_AT, 'A', "per_cpu_thing");
	synth_add(symbols, SYNTH_TEXT, 'T', "_text");
	synth_add(symbols, HIDDEN_AT + kind->moved, 't', "hidden");
	synth_add(symbols, SYNTH_TEXT + 0x80, 't', "twin");
	synth_add(symbols, SYNTH_TEXT + 0xc0, 't', "twin");
	if (kind->bisecting)
		synth_add(symbols, SYNTH_TEXT + 0xd0, 't', "klp_match_callback");
	synth_add(symbols, ANCHOR_AT, 'T', ANCHOR_NAME);
	for (unsigned i = 0; i < 300; i++) {
		scope_free char *name = xasprintf("filler_%u", i);

		synth_add(symbols, SYNTH_TEXT + 0x200 + i * 16, 't', name);
	}
	synth_add(symbols, banner_at, 'D', "linux_banner");
	synth_add(symbols, SYNTH_NOTES, 'R', "__start_notes");
	synth_add(symbols, VARIABLE_AT, 'b', "variable");
	synth_add(symbols, SYNTH_BSS + SYNTH_BSS_SIZE, 'B', "_end");
	synth_add(symbols, FAR_AT, 'a', "far_away");
}

static struct image *make_image(const struct kind *kind)
{
	static const uint8_t text[SYNTH_TEXT_SIZE] = {0xf3, 0x0f, 0x1e, 0xfa};
	uint8_t note[] = "\4\0\0\0\10\0\0\0\3\0\0\0GNU\0\x01\x23\x45\x67\x89\xab\xcd\xef";
	scope_strbuf out = STRBUF_INIT, rodata = STRBUF_INIT;
	scope_synth symbols = {}, probe = {};
	struct image *image;

	/* Where the banner is depends on nothing that the symbols say. */
	add_symbols(&probe, kind, SYNTH_RODATA);
	synth_rodata(&rodata, &synth_layouts[4], &probe);

	const char *banner = memmem(rodata.buf, rodata.len, SYNTH_BANNER, 20);

	add_symbols(&symbols, kind, SYNTH_RODATA + (banner - rodata.buf));
	strbuf_reset(&rodata);
	synth_rodata(&rodata, &synth_layouts[4], &symbols);
	note[16] = kind->build;

	const struct synth_section sections[] = {
		{kind->text,
		 SHT_PROGBITS,
		 SHF_ALLOC | SHF_EXECINSTR,
		 SYNTH_TEXT,
		 sizeof(text),
		 {text, sizeof(text)}},
		{".rodata",
		 SHT_PROGBITS,
		 SHF_ALLOC,
		 SYNTH_RODATA,
		 rodata.len,
		 {(uint8_t *)rodata.buf, rodata.len}},
		{".notes",
		 SHT_NOTE,
		 SHF_ALLOC,
		 SYNTH_NOTES,
		 sizeof(note) - 1,
		 {note, sizeof(note) - 1}},
		{".data..percpu",
		 SHT_PROGBITS,
		 SHF_ALLOC | SHF_WRITE,
		 kind->per_cpu,
		 128,
		 {text, 128}},
		{".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, SYNTH_BSS, SYNTH_BSS_SIZE},
		{".far", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, FAR_AT, SYNTH_BSS_SIZE},
	};

	synth_elf(&out, sections, array_size(sections));
	ck_assert_ok(image_parse("vmlinux", synth_bytes(&out), &image));
	return image;
}

static enum klp_base reach(const struct kind *kind, const char *name, unsigned sympos,
			   int64_t *distance)
{
	scope_image image = make_image(kind);
	struct anchor anchor = anchor_find(image);

	return anchor_reach(&anchor, name, sympos, distance);
}

START_TEST(symbols_of_the_image_have_a_distance)
{
	int64_t distance;

	ck_assert_int_eq(reach(&usual, "hidden", 0, &distance), KLP_BASE_ANCHOR);
	ck_assert_int_eq(distance, (int64_t)(HIDDEN_AT - ANCHOR_AT));
	ck_assert_int_eq(reach(&usual, "variable", 0, &distance), KLP_BASE_ANCHOR);
	ck_assert_int_eq(distance, (int64_t)(VARIABLE_AT - ANCHOR_AT));
	ck_assert_int_eq(reach(&usual, "twin", 2, &distance), KLP_BASE_ANCHOR);
	ck_assert_int_eq(distance, (int64_t)(SYNTH_TEXT + 0xc0 - ANCHOR_AT));
	ck_assert_int_eq(reach(&usual, "per_cpu_thing", 0, &distance), KLP_BASE_ZERO);
	ck_assert_int_eq(distance, PER_CPU_AT);
}
END_TEST

START_TEST(others_are_left_to_the_kernel)
{
	struct kind bisecting = usual, granular = usual, moving = usual;
	int64_t distance;

	ck_assert_int_eq(reach(&usual, "twin", 0, &distance), KLP_BASE_NONE);
	ck_assert_int_eq(reach(&usual, "twin", 3, &distance), KLP_BASE_NONE);
	ck_assert_int_eq(reach(&usual, "missing", 0, &distance), KLP_BASE_NONE);
	/* It is more than 1 GiB from the start of the kernel's map, and further than 32 bits say.
	 */
	ck_assert_int_eq(reach(&usual, "far_away", 0, &distance), KLP_BASE_NONE);
	/* The end of a section is no place in it. */
	ck_assert_int_eq(reach(&usual, "_end", 0, &distance), KLP_BASE_NONE);
	bisecting.bisecting = true;
	ck_assert_int_eq(reach(&bisecting, "hidden", 0, &distance), KLP_BASE_NONE);
	granular.text = ".text.hidden";
	ck_assert_int_eq(reach(&granular, "hidden", 0, &distance), KLP_BASE_NONE);
	/* Only where per-CPU data begins at 0 are its symbols offsets. */
	moving.per_cpu = 0x1000;
	ck_assert_int_eq(reach(&moving, "per_cpu_thing", 0, &distance), KLP_BASE_NONE);
}
END_TEST

static void add_reference(struct elf_object *obj, struct klp_part *part,
			  struct elf_section *section, uint32_t type, const char *name,
			  const struct anchor *anchor)
{
	struct elf_symbol *symbol =
		elf_add_symbol(obj, name, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0);
	struct klp_binding binding = {
		.symbol = symbol, .kind = KLP_SYMBOL, .name = name, .object = "vmlinux", .ns = ""};
	uint64_t offset = 8 * (section->relas.len + 1);

	binding.base = anchor_reach(anchor, name, 0, &binding.distance);
	vec_push(&section->relas, (struct elf_rela){offset, type, symbol, -4});
	vec_push(&part->bindings, binding);
}

/* Links a part with a call, a per-CPU access, a pointer in data and a list's entry. */
static struct elf_object *make_module(const struct image *image)
{
	struct anchor anchor = anchor_find(image);
	struct klp_link_spec spec = {.name = "anchored", .glue = make_glue()};
	scope_elf obj = elf_object_new("part");
	struct elf_section *text = add_bytes(obj, ".text.changed", SHF_EXECINSTR, NULL, 64);
	struct elf_section *data = add_bytes(obj, ".data.changed", SHF_WRITE, NULL, 64);
	struct elf_section *list = add_bytes(obj, ".static_call_sites", SHF_WRITE, NULL, 64);
	struct klp_part part = {.owner = "vmlinux", .file = "part", .object = obj};
	struct elf_object *module;
	scope_dir_temp dir = NULL;

	add_reference(obj, &part, text, R_X86_64_PLT32, "hidden", &anchor);
	add_reference(obj, &part, text, R_X86_64_32S, "per_cpu_thing", &anchor);
	add_reference(obj, &part, data, R_X86_64_64, "variable", &anchor);
	add_reference(obj, &part, list, R_X86_64_PC32, "twin", &anchor);
	elf_add_symbol(obj, "changed", ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), text, 0, 64);
	vec_push(&spec.parts, &part);
	spec.guard = guard_of_image(image, &anchor);
	ck_assert_uint_eq(spec.guard.count, GUARD_COMPLETE);
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/anchored.ko", dir);

	ck_assert_ok(klp_link(&spec, path));
	ck_assert_ok(elf_object_open(path, &module));
	elf_object_free(spec.glue);
	vec_free(&spec.parts);
	vec_free(&part.bindings);
	return module;
}

START_TEST(only_code_is_filled_by_distance)
{
	scope_image image = make_image(&usual);
	scope_elf module = make_module(image);
	const struct elf_section *text = elf_find_section(module, ".text.changed");
	size_t count;

	ck_assert_uint_eq(text->relas.len, 2);
	ck_assert_str_eq(text->relas.data[0].symbol->name, ANCHOR_NAME);
	ck_assert_int_eq(text->relas.data[0].addend, (int64_t)(HIDDEN_AT - ANCHOR_AT) - 4);
	ck_assert_uint_eq(text->relas.data[1].symbol->shndx, SHN_ABS);
	ck_assert_int_eq(text->relas.data[1].addend, PER_CPU_AT - 4);
	ck_assert_ptr_nonnull(elf_find_section(module, ".klp.rela.vmlinux..data.changed"));
	ck_assert_ptr_nonnull(elf_find_section(module, ".klp.rela.vmlinux..static_call_sites"));
	ck_assert_ptr_null(elf_find_section(module, ".klp.rela.vmlinux..text.changed"));
	ck_assert_ok(anchor_check(module, image, &count));
	ck_assert_uint_eq(count, 2);
}
END_TEST

/* Each is a way to be wrong of a module that was right. */
START_TEST(the_check_finds_what_is_wrong)
{
	scope_image image = make_image(&usual);
	scope_elf module = make_module(image);
	struct elf_section *text = elf_find_section(module, ".text.changed");
	struct elf_section *table = elf_find_section(module, ANCHOR_TABLE);
	struct elf_section *build = elf_find_section(module, GLUE_BUILD_SECTION);
	struct elf_rela *call = &text->relas.data[0], *per_cpu = &text->relas.data[1];
	struct elf_symbol *anchor = call->symbol;
	size_t count;

	call->addend += 16;
	ck_assert_fails(anchor_check(module, image, &count), "hidden is reached by the distance");
	call->addend = (int64_t)1 << 40;
	ck_assert_fails(anchor_check(module, image, &count), "hidden is reached by the distance");
	call->addend = (int64_t)(HIDDEN_AT - ANCHOR_AT) - 4;
	call->symbol = link_undefined_symbol(module, "printk");
	ck_assert_fails(anchor_check(module, image, &count), "which is the wrong symbol");
	call->symbol = anchor;
	per_cpu->symbol = anchor;
	ck_assert_fails(anchor_check(module, image, &count), "which is the wrong symbol");
	per_cpu->symbol = elf_find_symbol(module, ANCHOR_ZERO);
	call->type = R_X86_64_32;
	ck_assert_fails(anchor_check(module, image, &count), "may not be reached");
	call->type = R_X86_64_PLT32;

	const char *name = table->relas.data[1].symbol->name;

	table->relas.data[1].symbol->name = ".klp.sym.vmlinux.far_away,0";
	ck_assert_fails(anchor_check(module, image, &count), "not at a fixed distance");
	table->relas.data[1].symbol->name = name;
	table->relas.len -= 2;
	table->size -= ANCHOR_ENTRY_SIZE;
	ck_assert_fails(anchor_check(module, image, &count), "does not list all");
	table->relas.len += 2;
	table->size += ANCHOR_ENTRY_SIZE;
	build->relas.data[0].addend += 8;
	ck_assert_fails(anchor_check(module, image, &count), "another distance");
	build->relas.data[0].addend -= 8;
	build->size -= GLUE_FACT_SIZE;
	ck_assert_fails(anchor_check(module, image, &count), "would not recognise");
	build->size += GLUE_FACT_SIZE;
	ck_assert_ok(anchor_check(module, image, &count));
}
END_TEST

START_TEST(a_module_of_another_build_is_wrong)
{
	struct kind other = usual, rebuilt = usual;
	scope_image image = make_image(&usual);
	scope_elf module = make_module(image);
	size_t count;

	rebuilt.build = 2;

	scope_image second = make_image(&rebuilt);

	ck_assert_fails(anchor_check(module, second, &count), "the glue's copy of");
	other.moved = 16;

	scope_image third = make_image(&other);

	ck_assert_fails(anchor_check(module, third, &count), "hidden is reached by the distance");
}
END_TEST

START_TEST(kernels_that_bisect_get_livepatch_relocations)
{
	struct kind bisecting = usual;
	size_t count;

	bisecting.bisecting = true;

	scope_image image = make_image(&bisecting);
	scope_elf module = make_module(image);

	ck_assert_ptr_null(elf_find_section(module, ANCHOR_TABLE));
	ck_assert_ptr_nonnull(elf_find_section(module, ".klp.rela.vmlinux..text.changed"));
	/* The glue recognises the build in any case. */
	ck_assert_ptr_nonnull(elf_find_section(module, ".klp.rela.vmlinux." GLUE_BUILD_SECTION));
	ck_assert_ok(anchor_check(module, image, &count));
	ck_assert_uint_eq(count, 0);
}
END_TEST

UNIT_SUITE("klp_anchor", symbols_of_the_image_have_a_distance, others_are_left_to_the_kernel,
	   only_code_is_filled_by_distance, the_check_finds_what_is_wrong,
	   a_module_of_another_build_is_wrong, kernels_that_bisect_get_livepatch_relocations)
