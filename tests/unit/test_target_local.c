/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests kernels that are given by folders, and what must belong together in them. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/tempdir.h"
#include "elf/elf.h"
#include "target/target.h"
#include "unit.h"

#include "test_target_synth.h"

/* A kernel that was built in a separate folder. */
struct fixture {
	char *dir, *image, *modules, *build, *source;
};

static void put(const char *dir, const char *name, const char *text)
{
	scope_free char *path = xasprintf("%s/%s", dir, name);
	scope_free char *parent = xstrndup(path, strrchr(path, '/') - path);

	ck_assert_ok(dir_make(parent));
	ck_assert_ok(file_write(path, text, strlen(text)));
}

static void put_all(const char *dir, const struct synth_file *files, size_t prefix)
{
	for (; files->path; files++)
		if (files->type != AE_IFLNK)
			put(dir, files->path + prefix, files->content);
}

static void put_module(const char *dir, const char *name, const char *vermagic)
{
	scope_elf module = elf_object_new(name);
	scope_free char *path = xasprintf("%s/%s", dir, name);
	struct elf_section *info = elf_add_section(module, ".modinfo", SHT_PROGBITS, SHF_ALLOC, 1);

	elf_section_append(module, info, "license=GPL", 12, 1);
	elf_section_append(module, info, vermagic, strlen(vermagic) + 1, 1);
	elf_add_symbol(module, "init_module", ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), info, 0, 1);
	ck_assert_ok(elf_object_write(module, path));
}

static void fixture_make(struct fixture *fix)
{
	struct synth_symbol_vec symbols = {};
	scope_strbuf vmlinux = STRBUF_INIT;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &fix->dir));
	fix->image = xasprintf("%s/bzImage", fix->dir);
	fix->modules = xasprintf("%s/modules", fix->dir);
	fix->build = xasprintf("%s/build", fix->dir);
	fix->source = xasprintf("%s/source", fix->dir);
	synth_kernel(&vmlinux, &synth_layouts[5], 600, &symbols);
	synth_free(&symbols);
	ck_assert_ok(file_write(fix->image, vmlinux.buf, vmlinux.len));
	ck_assert_ok(dir_make(fix->modules));
	put_module(fix->modules, "a-b.ko", "vermagic=" SYNTH_RELEASE " SMP ");
	put_all(fix->build, synth_headers, strlen(SYNTH_HEADERS));
	put_all(fix->build, synth_kbuild, strlen(SYNTH_KBUILD));
	put_all(fix->source, synth_source, strlen("linux-source-6.1/"));
	put(fix->build, "include/generated/uapi/linux/version.h",
	    "#define LINUX_VERSION_CODE 1\n#define LINUX_VERSION_MAJOR 6\n"
	    "#define LINUX_VERSION_PATCHLEVEL 1\n#define LINUX_VERSION_SUBLEVEL 199\n");

	scope_free char *cache = xasprintf("%s/cache", fix->dir);

	setenv("SUTURE_CACHE", cache, 1);
	setenv("SUTURE_ARCHIVES", "/nonexistent", 1);
}

static void fixture_end(struct fixture *fix)
{
	dir_temp_cleanup(&fix->dir);
	free(fix->image);
	free(fix->modules);
	free(fix->build);
	free(fix->source);
}

#define scope_fixture __attribute__((cleanup(fixture_end))) struct fixture

static struct target_spec spec_of(const struct fixture *fix)
{
	return (struct target_spec){.image = fix->image,
				    .modules = fix->modules,
				    .build_dir = fix->build,
				    .source = fix->source};
}

static bool inside(const char *dir, const char *name)
{
	scope_free char *path = xasprintf("%s/%s", dir, name);

	return !access(path, F_OK);
}

START_TEST(a_kernel_built_here)
{
	scope_fixture fix = {};
	scope_target target = NULL;

	fixture_make(&fix);
	put(fix.build, "scripts/basic/fixdep.o", "object");
	put(fix.build, "scripts/basic/.fixdep.cmd", "command");

	const struct target_spec spec = spec_of(&fix);

	ck_assert_ok(target_open(&spec, NULL, &target));
	ck_assert_str_eq(target->release, SYNTH_RELEASE);
	ck_assert_str_eq(target->version, "");
	ck_assert_str_eq(target->source, fix.source);
	ck_assert_str_eq(target->vmlinuz, fix.image);
	ck_assert(file_exists(target->vmlinux));
	ck_assert(inside(target->build_dir, "scripts/basic/fixdep"));
	ck_assert(!inside(target->build_dir, "scripts/basic/fixdep.o"));
	ck_assert(!inside(target->build_dir, "scripts/basic/.fixdep.cmd"));
	ck_assert(inside(target->build_dir, "include/config/auto.conf.cmd"));
	ck_assert(!inside(fix.build, "include/config/auto.conf.cmd"));

	scope_free char *module = target_module_path(target, "a_b");

	ck_assert_ptr_nonnull(module);
}
END_TEST

START_TEST(another_build_is_another_folder)
{
	scope_fixture fix = {};
	scope_target first = NULL;
	scope_target same = NULL;
	scope_target changed = NULL;

	fixture_make(&fix);

	const struct target_spec spec = spec_of(&fix);

	ck_assert_ok(target_open(&spec, NULL, &first));
	ck_assert_ok(target_open(&spec, NULL, &same));
	put(fix.build, ".config", "CONFIG_CC_VERSION_TEXT=\"gcc\"\nCONFIG_NEW=y\n");
	ck_assert_ok(target_open(&spec, NULL, &changed));
	ck_assert_str_eq(first->dir, same->dir);
	ck_assert_str_ne(first->dir, changed->dir);
	ck_assert_ptr_null(target_config(same, "NEW"));
	ck_assert_str_eq(target_config(changed, "NEW"), "y");
}
END_TEST

START_TEST(what_does_not_belong_together_is_told)
{
	scope_fixture fix = {};
	scope_target target = NULL;

	fixture_make(&fix);

	struct target_spec spec = spec_of(&fix);

	spec.release = "6.1.0-98-test";
	ck_assert_fails(target_open(&spec, NULL, &target), "is of release " SYNTH_RELEASE);
	spec.release = NULL;

	put(fix.source, "Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 198\n");
	ck_assert_fails(target_open(&spec, NULL, &target), "is Linux 6.1.198, but");
	put(fix.source, "Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 199\n");

	put_module(fix.modules, "a-b.ko", "vermagic=6.1.0-98-test SMP ");
	ck_assert_fails(target_open(&spec, NULL, &target), "a-b.ko was built for 6.1.0-98-test");
	put_module(fix.modules, "a-b.ko", "vermagi=");
	ck_assert_fails(target_open(&spec, NULL, &target), "built for no release");

	put(fix.build, "include/generated/utsrelease.h", "#define UTS_RELEASE \"6.1.199-mine\"\n");
	ck_assert_fails(target_open(&spec, NULL, &target), "not 6.1.199-mine");
}
END_TEST

START_TEST(what_is_missing_is_named)
{
	scope_fixture fix = {};
	scope_target target = NULL;

	fixture_make(&fix);

	struct target_spec spec = spec_of(&fix);
	struct target_spec partial = {.image = fix.image, .source = fix.source};
	struct err *err = target_open(&partial, NULL, &target);

	ck_assert_int_eq(err_code(err), ERR_USAGE);
	err_free(err);

	spec.image = "/nonexistent/image";
	ck_assert_fails(target_open(&spec, NULL, &target), "--image /nonexistent/image");
	spec.image = fix.image;
	spec.source = fix.image;
	ck_assert_fails(target_open(&spec, NULL, &target), "not a folder");
	spec.source = fix.modules;
	ck_assert_fails(target_open(&spec, NULL, &target), "no Makefile");
	spec.source = fix.source;
	spec.build_dir = fix.source;
	ck_assert_fails(target_open(&spec, NULL, &target), "not the folder of a built kernel");
	spec.build_dir = fix.build;

	scope_free char *objtool = xasprintf("%s/tools/objtool/objtool", fix.build);

	ck_assert_int_eq(unlink(objtool), 0);
	ck_assert_fails(target_open(&spec, NULL, &target), "objtool");
	put(fix.build, "tools/objtool/objtool", "");
	put(fix.dir, "bzImage", "not a kernel");
	ck_assert_fails(target_open(&spec, NULL, &target), "bzImage");
}
END_TEST

/* After `make O=`, no modules are installed, and folders are spelled differently. */
START_TEST(modules_where_they_were_built)
{
	scope_fixture fix = {};
	scope_target target = NULL;

	fixture_make(&fix);
	put(fix.build, "modules.order", "fs/a-b.o\n");
	put(fix.build, "fs/x", "");
	put_module(fix.build, "fs/a-b.ko", "vermagic=" SYNTH_RELEASE " SMP ");
	put(fix.build, "include/config/auto.conf.cmd", "include/config/auto.conf: FORCE\n");

	struct target_spec spec = spec_of(&fix);

	spec.modules = NULL;
	ck_assert_ok(target_open(&spec, NULL, &target));
	ck_assert_str_eq(target->modules, fix.build);

	scope_free char *module = target_module_path(target, "a_b");
	scope_free char *stale = xasprintf("%s/include/config/auto.conf.cmd", target->build_dir);
	scope_free char *text = NULL;

	ck_assert_ptr_nonnull(module);
	ck_assert(str_ends(module, "fs/a-b.ko"));
	ck_assert_ok(file_read(stale, &text, NULL));
	ck_assert_str_eq(text, "");
}
END_TEST

UNIT_SUITE("target: local", modules_where_they_were_built, a_kernel_built_here,
	   another_build_is_another_folder, what_does_not_belong_together_is_told,
	   what_is_missing_is_named)
