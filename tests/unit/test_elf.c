/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests reading and writing of object files, with bad and truncated ones. */
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/tempdir.h"
#include "elf/elf.h"
#include "elf_dump.h"
#include "unit.h"

static const char source[] =
	"extern int other(const char *, void *);\n"
	"static int counter;\n"
	"static int helper(int x) { counter += x; return other(\"text\", &counter); }\n"
	"int entry(int x) { return helper(x) ? helper(x + 1) : 0; }\n"
	"int (*table[])(int) = { entry, helper };\n";

static char *compile(const char *dir)
{
	scope_free char *c_path = xasprintf("%s/a.c", dir);
	char *o_path = xasprintf("%s/a.o", dir);
	const char *const argv[] = {"gcc-12",
				    "-O2",
				    "-mcmodel=kernel",
				    "-fno-pic",
				    "-ffunction-sections",
				    "-fdata-sections",
				    "-c",
				    "-o",
				    o_path,
				    c_path,
				    NULL};

	ck_assert_ok(file_write(c_path, source, strlen(source)));
	ck_assert_ok(proc_check(&(struct proc_spec){.argv = argv}, NULL));
	return o_path;
}

START_TEST(what_is_written_reads_back_the_same)
{
	scope_dir_temp dir = NULL;
	scope_strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	scope_elf obj = NULL;
	scope_elf again = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = compile(dir);
	scope_free char *copy = xasprintf("%s/b.o", dir);

	ck_assert_ok(elf_object_open(path, &obj));
	ck_assert_ok(elf_object_write(obj, copy));
	ck_assert_ok(elf_object_open(copy, &again));
	elf_object_dump(obj, &first);
	elf_object_dump(again, &second);
	ck_assert_str_eq(first.buf, second.buf);
	ck_assert_ptr_nonnull(strstr(first.buf, "rela 0000 type=1 entry+0"));

	/* Another tool also finds the file valid. */
	const char *const lint[] = {"readelf", "-aW", copy, NULL};
	scope_strbuf output = STRBUF_INIT;

	ck_assert_ok(proc_check(&(struct proc_spec){.argv = lint}, &output));
	ck_assert_ptr_null(strstr(output.buf, "Warning"));
}
END_TEST

START_TEST(truncated_objects_are_errors)
{
	scope_dir_temp dir = NULL;
	scope_file_map map = {};

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = compile(dir);

	ck_assert_ok(file_map(path, &map));
	for (size_t size = 0; size < map.bytes.size; size += 37) {
		struct elf_object *obj = NULL;
		struct err *err =
			elf_object_parse("cut", (struct bytes){map.bytes.data, size}, &obj);

		ck_assert_msg(err != NULL, "%zu of %zu bytes were accepted", size, map.bytes.size);
		ck_assert_ptr_nonnull(strstr(err_message(err), "cut"));
		err_free(err);
	}
}
END_TEST

START_TEST(livepatch_relocations_are_kept_apart)
{
	scope_dir_temp dir = NULL;
	scope_elf obj = elf_object_new("new");
	scope_elf again = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/a.o", dir);
	struct elf_section *text =
		elf_add_section(obj, ".text.f", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16);

	elf_section_append(obj, text, NULL, 16, 16);

	struct elf_symbol *sym = elf_add_symbol(obj, ".klp.sym.vmlinux.f,0",
						ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0);
	struct elf_section *klp = elf_add_livepatch_relas(obj, ".klp.rela.vmlinux..text.f", text);

	sym->shndx = SHN_LIVEPATCH;
	vec_push(&klp->relas, (struct elf_rela){8, R_X86_64_PC32, sym, -4});
	ck_assert_ok(elf_object_write(obj, path));
	ck_assert_ok(elf_object_open(path, &again));
	klp = elf_find_section(again, ".klp.rela.vmlinux..text.f");
	ck_assert_ptr_nonnull(klp);
	ck_assert_str_eq(klp->target->name, ".text.f");
	ck_assert_uint_eq(klp->relas.len, 1);
	ck_assert_uint_eq(klp->relas.data[0].symbol->shndx, SHN_LIVEPATCH);
	ck_assert_uint_eq(klp->flags, SHF_ALLOC | SHF_INFO_LINK | SHF_RELA_LIVEPATCH);
	ck_assert_uint_eq(elf_find_section(again, ".text.f")->relas.len, 0);
}
END_TEST

START_TEST(a_relocation_outside_its_section_is_an_error)
{
	scope_dir_temp dir = NULL;
	scope_elf obj = elf_object_new("new");
	scope_elf again = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/a.o", dir);
	struct elf_section *data =
		elf_add_section(obj, ".data.d", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 8);

	elf_section_append(obj, data, NULL, 8, 8);
	vec_push(&data->relas, (struct elf_rela){4, R_X86_64_64, elf_section_symbol(obj, data), 0});
	ck_assert_ok(elf_object_write(obj, path));
	ck_assert_fails(elf_object_open(path, &again), ".data.d+0x4: a relocation is outside");
}
END_TEST

UNIT_SUITE("elf", what_is_written_reads_back_the_same, truncated_objects_are_errors,
	   livepatch_relocations_are_kept_apart, a_relocation_outside_its_section_is_an_error)
