/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The linker of livepatch modules, on a glue made by the test. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/tempdir.h"
#include "diff/diff.h"
#include "elf/elf.h"
#include "klp/glue.h"
#include "klp/link.h"
#include "klp/name.h"
#include "klp/resolve.h"
#include "klp_glue.h"
#include "unit.h"

/* A part with one function that calls four symbols, one for each way to bind them. */
struct sample {
	struct elf_object *obj;
	struct klp_part part;
};

static struct elf_symbol *add_call(struct sample *sample, struct elf_section *text, uint64_t offset,
				   const char *name, struct klp_binding binding)
{
	struct elf_symbol *symbol = elf_add_symbol(
		sample->obj, name, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0);

	vec_push(&text->relas, (struct elf_rela){offset, R_X86_64_PLT32, symbol, -4});
	binding.symbol = symbol;
	vec_push(&sample->part.bindings, binding);
	return symbol;
}

static struct sample make_sample(const char *owner, const char *name, const char *needs)
{
	struct sample sample = {.obj = elf_object_new(name)};
	scope_free char *section = xasprintf(".text.%s", name);
	struct elf_section *text = add_bytes(sample.obj, section, SHF_EXECINSTR, NULL, 32);
	struct elf_symbol *func =
		elf_add_symbol(sample.obj, name, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), text, 0, 32);

	sample.part.owner = owner;
	sample.part.file = name;
	sample.part.object = sample.obj;
	vec_push(&sample.part.funcs, (struct klp_func){name, 2, func});
	add_call(&sample, text, 1, "printk",
		 (struct klp_binding){.kind = KLP_IMPORT, .name = "printk", .crc = 1, .ns = ""});
	add_call(&sample, text, 6, "exported",
		 (struct klp_binding){
			 .kind = KLP_IMPORT, .name = "exported", .crc = 0x11223344, .ns = "SPACE"});
	add_call(&sample, text, 11, "hidden",
		 (struct klp_binding){
			 .kind = KLP_SYMBOL, .name = "hidden", .object = "vmlinux", .sympos = 3});
	if (strcmp(owner, "vmlinux"))
		add_call(&sample, text, 16, "own",
			 (struct klp_binding){
				 .kind = KLP_SYMBOL, .name = "own", .object = owner, .sympos = 0});
	if (needs)
		add_call(&sample, text, 21, needs,
			 (struct klp_binding){.kind = KLP_INTERNAL, .name = needs});
	return sample;
}

static void free_sample(struct sample *sample)
{
	elf_object_free(sample->obj);
	vec_free(&sample->part.bindings);
	vec_free(&sample->part.funcs);
}

static struct elf_object *link_samples(struct sample *samples, size_t count)
{
	scope_dir_temp dir = NULL;
	struct klp_link_spec spec = {.name = "my_patch", .glue = make_glue()};
	struct elf_object *out;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/my_patch.ko", dir);

	for (size_t i = 0; i < count; i++)
		vec_push(&spec.parts, &samples[i].part);
	vec_push(&spec.modinfo, xstrdup("suture_kernel=6.1"));
	ck_assert_ok(klp_link(&spec, path));
	ck_assert_ok(elf_object_open(path, &out));
	elf_object_free(spec.glue);
	vec_free(&spec.parts);
	str_vec_free(&spec.modinfo);
	return out;
}

static bool has_info(const struct elf_object *obj, const char *info)
{
	const struct elf_section *section = elf_find_section(obj, ".modinfo");

	return memmem(section->data, section->size, info, strlen(info) + 1);
}

START_TEST(symbols_are_bound_as_the_kernel_wants_them)
{
	struct sample samples[] = {make_sample("vmlinux", "first", "second"),
				   make_sample("ext4", "second", NULL)};
	scope_elf out = link_samples(samples, 2);
	const struct elf_section *vmlinux = elf_find_section(out, ".klp.rela.vmlinux..text.first");
	const struct elf_section *ext4 = elf_find_section(out, ".klp.rela.ext4..text.second");

	ck_assert_ptr_nonnull(vmlinux);
	ck_assert_uint_eq(vmlinux->relas.len, 1);
	ck_assert_str_eq(vmlinux->relas.data[0].symbol->name, ".klp.sym.vmlinux.hidden,3");
	ck_assert_uint_eq(vmlinux->relas.data[0].symbol->shndx, SHN_LIVEPATCH);
	ck_assert_ptr_nonnull(ext4);
	ck_assert_str_eq(ext4->relas.data[0].symbol->name, ".klp.sym.ext4.own,0");
	/* The kernel refuses symbols of vmlinux that are filed under a module. */
	ck_assert_ptr_nonnull(elf_find_section(out, ".klp.rela.vmlinux..text.second"));

	const struct elf_section *first = elf_find_section(out, ".text.first");

	ck_assert_uint_eq(first->relas.len, 3); /* two imports and the function of the other part */
	ck_assert_ptr_eq(first->relas.data[2].symbol->section,
			 elf_find_section(out, ".text.second"));
	free_sample(&samples[0]);
	free_sample(&samples[1]);
}
END_TEST

START_TEST(the_plan_lists_objects_and_functions)
{
	struct sample samples[] = {make_sample("vmlinux", "first", NULL),
				   make_sample("ext4", "second", NULL)};
	scope_elf out = link_samples(samples, 2);
	const struct elf_section *objects = elf_find_section(out, GLUE_OBJECTS_SECTION);
	const struct elf_section *funcs = elf_find_section(out, ".suture.funcs");

	ck_assert_uint_eq(objects->size,
			  3 * GLUE_OBJECT_SIZE); /* three with the final zero entry */
	ck_assert_uint_eq(funcs->size, 2 * GLUE_FUNC_SIZE);
	ck_assert_uint_eq(objects->data[GLUE_OBJECT_NR_FUNCS], 1);
	ck_assert_uint_eq(funcs->data[GLUE_FUNC_SYMPOS], 2);
	/* The entry of ext4 refers to a name and functions; that of vmlinux has no name. */
	ck_assert_uint_eq(objects->relas.len, 3);
	ck_assert_uint_eq(objects->relas.data[0].offset, GLUE_OBJECT_NAME);
	free_sample(&samples[0]);
	free_sample(&samples[1]);
}
END_TEST

/* Returns the module's only function in a section, by its name; NULL if there is none. */
static const char *function_in(const struct elf_object *out, const char *section)
{
	vec_foreach(&out->symbols, it)
		if ((*it)->section && (*it)->type == STT_FUNC &&
		    !strcmp((*it)->section->name, section))
			return (*it)->name;
	return NULL;
}

START_TEST(replacements_have_names_of_their_own)
{
	char long_name[] = "f23456789012345678901234567890123456789012345678901234567890"
			   "123456789012345678901234567890123456789012345678901234567890";
	struct sample samples[] = {make_sample("vmlinux", "first", "second"),
				   make_sample("ext4", "second", "helper"),
				   make_sample("vmlinux", long_name, NULL)};
	struct elf_object *obj = samples[0].obj;
	static const char *const more[][2] = {{"first.cold", "first.cold.patched"},
					      {"__pfx_first", "__pfx_first.patched"},
					      {"first_of_all", "first_of_all"},
					      {"helper", "helper"}};

	for (size_t i = 0; i < array_size(more); i++) {
		scope_free char *section = xasprintf(".text.%s", more[i][0]);

		elf_add_symbol(obj, more[i][0], ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			       add_bytes(obj, section, SHF_EXECINSTR, NULL, 16), 0, 16);
	}

	scope_elf out = link_samples(samples, 3);
	scope_free char *long_section = xasprintf(".text.%s", long_name);
	const struct elf_section *first = elf_find_section(out, ".text.first");

	ck_assert_str_eq(function_in(out, ".text.first"), "first.patched");
	ck_assert_str_eq(function_in(out, ".text.second"), "second.patched");
	ck_assert_str_eq(function_in(out, long_section), long_name);
	for (size_t i = 0; i < array_size(more); i++) {
		scope_free char *section = xasprintf(".text.%s", more[i][0]);

		ck_assert_str_eq(function_in(out, section), more[i][1]);
	}
	/* Other parts still find it, and the kernel still looks for the old name. */
	ck_assert_str_eq(first->relas.data[2].symbol->name, "second.patched");
	ck_assert_str_eq((const char *)elf_find_section(out, ".rodata.suture")->data, "second");
	for (size_t i = 0; i < array_size(samples); i++)
		free_sample(&samples[i]);
}
END_TEST

/* The kernel needs a list of functions for each object, even an empty one. */
START_TEST(an_object_may_have_callbacks_alone)
{
	struct sample sample = make_sample("vmlinux", "first", NULL);
	struct elf_section *callback;

	callback = elf_add_section(sample.obj, DIFF_CALLBACK_SECTION "pre_patch", SHT_PROGBITS,
				   SHF_ALLOC | SHF_WRITE, 8);
	elf_section_append(sample.obj, callback, NULL, 8, 8);
	vec_push(&callback->relas,
		 (struct elf_rela){0, R_X86_64_64, elf_find_symbol(sample.obj, "first"), 0});
	sample.part.funcs.len = 0;

	scope_elf out = link_samples(&sample, 1);
	const struct elf_section *objects = elf_find_section(out, GLUE_OBJECTS_SECTION);
	const struct elf_section *funcs = elf_find_section(out, ".suture.funcs");

	ck_assert_uint_eq(objects->size, 2 * GLUE_OBJECT_SIZE);
	ck_assert_uint_eq(objects->data[GLUE_OBJECT_NR_FUNCS], 0);
	ck_assert_uint_eq(funcs->size, GLUE_FUNC_SIZE);
	ck_assert_uint_eq(objects->relas.len, 2);
	ck_assert_uint_eq(objects->relas.data[0].offset, GLUE_OBJECT_FUNCS);
	ck_assert_uint_eq(objects->relas.data[1].offset, GLUE_OBJECT_CALLBACKS);
	free_sample(&sample);
}
END_TEST

START_TEST(module_information_is_its_own)
{
	struct sample sample = make_sample("vmlinux", "first", NULL);
	scope_elf out = link_samples(&sample, 1);
	const struct elf_section *versions = elf_find_section(out, "__versions");
	const struct elf_section *module = elf_find_section(out, ".gnu.linkonce.this_module");

	ck_assert(has_info(out, "name=my_patch"));
	ck_assert(has_info(out, "import_ns=SPACE"));
	ck_assert(has_info(out, "suture_kernel=6.1"));
	ck_assert(has_info(out, "livepatch=Y"));
	ck_assert(!has_info(out, "name=" GLUE_NAME));
	ck_assert_uint_eq(versions->size, 2 * 64); /* printk is there once, as in the glue */
	ck_assert_str_eq((char *)versions->data + 64 + 8, "exported");
	ck_assert_uint_eq(versions->data[64], 0x44);
	ck_assert_str_eq((char *)module->data + 24, "my_patch");
	free_sample(&sample);
}
END_TEST

START_TEST(two_definitions_of_one_name_are_an_error)
{
	struct sample samples[] = {make_sample("vmlinux", "first", NULL),
				   make_sample("vmlinux", "first", NULL)};
	struct klp_link_spec spec = {.name = "x", .glue = make_glue()};

	vec_push(&spec.parts, &samples[0].part);
	vec_push(&spec.parts, &samples[1].part);
	ck_assert_fails(klp_link(&spec, "/nonexistent/x.ko"), "also defined by another file");
	vec_free(&spec.parts);
	elf_object_free(spec.glue);
	free_sample(&samples[0]);
	free_sample(&samples[1]);
}
END_TEST

/* Exports that the loader would not give to a live patch are bound in another way. */
START_TEST(imports_are_what_any_module_may_have)
{
	static const struct {
		struct target_export export;
		bool can;
	} cases[] = {
		{{"printk", "vmlinux", ""}, true},
		{{"dma_buf_get", "vmlinux", "DMA_BUF"}, true},
		{{"kvm_get", "vmlinux", "module:kvm,kvm-*"}, false},
		{{"anon_inode", "vmlinux", "module:kvm"}, false},
		{{"other", "vmlinux", "module:"}, false},
		{{"named_alike", "vmlinux", "modules"}, true},
		{{"ext4_get", "ext4", ""}, false},
		{{"a_name_that_is_longer_than_the_loaders_table_of_versions_has_room_for",
		  "vmlinux", ""},
		 false},
	};

	for (size_t i = 0; i < array_size(cases); i++)
		ck_assert_msg(resolve_can_import(&cases[i].export) == cases[i].can, "%s",
			      cases[i].export.symbol);
}
END_TEST

START_TEST(names_are_what_the_kernel_takes)
{
	scope_free char *name = klp_default_name("/a/b/fs-x.y.patch");

	ck_assert_str_eq(name, "livepatch_fs_x_y");
	ck_assert_ok(klp_check_name(name));
	ck_assert_fails(klp_check_name("a-b"), "'-'");
	ck_assert_fails(klp_check_name(""), "1 to 55");
	ck_assert_fails(klp_check_name("a2345678901234567890123456789012345678901234567890123456"),
			"1 to 55");
}
END_TEST

UNIT_SUITE("klp", symbols_are_bound_as_the_kernel_wants_them, the_plan_lists_objects_and_functions,
	   replacements_have_names_of_their_own, an_object_may_have_callbacks_alone,
	   module_information_is_its_own, two_definitions_of_one_name_are_an_error,
	   imports_are_what_any_module_may_have, names_are_what_the_kernel_takes)
