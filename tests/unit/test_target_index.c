/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests reading of configurations, exports, lists of modules and the answers of apt. */
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "target/apt.h"
#include "target/compiler.h"
#include "target/debian.h"
#include "target/index.h"
#include "unit.h"

struct fixture {
	char *dir;
	struct target_index *index;
};

static void fixture_make(struct fixture *fix)
{
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &fix->dir));
	fix->index = xcalloc(1, sizeof(*fix->index));
}

static void fixture_end(struct fixture *fix)
{
	dir_temp_cleanup(&fix->dir);
	index_free(fix->index);
}

#define scope_fixture __attribute__((cleanup(fixture_end))) struct fixture

static char *put(const struct fixture *fix, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", fix->dir, name);
	scope_free char *parent = xstrndup(path, strrchr(path, '/') - path);

	ck_assert_ok(dir_make(parent));
	ck_assert_ok(file_write(path, text, strlen(text)));
	return path;
}

START_TEST(config_values)
{
	scope_fixture fix = {};

	fixture_make(&fix);

	scope_free char *path = put(&fix, ".config",
				    "# CONFIG_A is not set\n\nCONFIG_B=y\nCONFIG_BC=m\n"
				    "CONFIG_STR=\"a \\\"b\\\" \\\\c\"\nCONFIG_EMPTY=\"\"\n"
				    "CONFIG_NUM=140006\nCONFIG_QUOTE=\"\nCONFIG_LAST=0x10");

	ck_assert_ok(index_read_config(fix.index, path));
	ck_assert_ptr_null(index_config(fix.index, "A"));
	ck_assert_str_eq(index_config(fix.index, "B"), "y");
	ck_assert_str_eq(index_config(fix.index, "CONFIG_BC"), "m");
	ck_assert_str_eq(index_config(fix.index, "STR"), "a \"b\" \\c");
	ck_assert_str_eq(index_config(fix.index, "EMPTY"), "");
	ck_assert_str_eq(index_config(fix.index, "NUM"), "140006");
	ck_assert_str_eq(index_config(fix.index, "QUOTE"), "\"");
	ck_assert_str_eq(index_config(fix.index, "LAST"), "0x10");
	ck_assert_ptr_null(index_config(fix.index, ""));
}
END_TEST

START_TEST(config_without_values_is_none)
{
	scope_fixture fix = {};

	fixture_make(&fix);

	scope_free char *path = put(&fix, ".config", "# nothing\n");

	ck_assert_fails(index_read_config(fix.index, path), "no CONFIG_ line");
}
END_TEST

START_TEST(exports)
{
	scope_fixture fix = {};
	const struct target_export *export;

	fixture_make(&fix);

	scope_free char *path =
		put(&fix, "Module.symvers",
		    "0x89abcdef\tzzz\tvmlinux\tEXPORT_SYMBOL\t\n"
		    "0x00000000\tkvm_x\tarch/x86/kvm/kvm-intel\tEXPORT_SYMBOL_GPL\tKVM_NS\n"
		    "0x12345678\told\tdrivers/a_b\tEXPORT_SYMBOL_GPL\n");

	ck_assert_ok(index_read_symvers(fix.index, path));
	export = index_export(fix.index, "kvm_x");
	ck_assert_str_eq(export->owner, "kvm_intel");
	ck_assert_str_eq(export->ns, "KVM_NS");
	ck_assert_uint_eq(export->crc, 0);
	ck_assert(export->gpl);
	export = index_export(fix.index, "zzz");
	ck_assert_uint_eq(export->crc, 0x89abcdef);
	ck_assert_str_eq(export->owner, "vmlinux");
	ck_assert_str_eq(export->ns, "");
	ck_assert(!export->gpl);
	ck_assert_str_eq(index_export(fix.index, "old")->ns, "");
	ck_assert_ptr_null(index_export(fix.index, "zz"));
}
END_TEST

START_TEST(bad_exports_are_located)
{
	static const char *const bad[] = {
		"nonsense",
		"0x1\tname\tvmlinux",
		"0x1 name vmlinux EXPORT_SYMBOL",
		"zz\tname\tvmlinux\tEXPORT_SYMBOL\t",
		"0x1\t\tvmlinux\tEXPORT_SYMBOL\t",
		"0x1\tname\tEXPORT_SYMBOL\tvmlinux\t",
	};

	for (size_t i = 0; i < array_size(bad); i++) {
		scope_fixture fix = {};
		scope_free char *text = xasprintf("0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n%s\n", bad[i]);

		fixture_make(&fix);

		scope_free char *path = put(&fix, "Module.symvers", text);

		ck_assert_fails(index_read_symvers(fix.index, path), "Module.symvers:2:");
	}
}
END_TEST

static void assert_module(const struct fixture *fix, const char *name, const char *end)
{
	scope_free char *path = index_module_path(fix->index, fix->dir, name);

	ck_assert_msg(path, "%s: not found", name);
	ck_assert_msg(str_ends(path, end), "%s: found at %s", name, path);
}

static void put_modules(struct fixture *fix)
{
	fixture_make(fix);
	free(put(fix, "kernel/fs/a-b_c.ko", ""));
	free(put(fix, "kernel/net/x.ko.xz", ""));
	free(put(fix, "kernel/net/y.ko.zst", ""));
	free(put(fix, "kernel/net/z.ko.gz", ""));
}

static void assert_modules(const struct fixture *fix)
{
	assert_module(fix, "a-b_c", "/kernel/fs/a-b_c.ko");
	assert_module(fix, "a_b-c", "/kernel/fs/a-b_c.ko");
	assert_module(fix, "x", "/kernel/net/x.ko.xz");
	assert_module(fix, "y", "/kernel/net/y.ko.zst");
	assert_module(fix, "z", "/kernel/net/z.ko.gz");
	ck_assert_ptr_null(index_module_path(fix->index, fix->dir, "a"));
	ck_assert_ptr_null(index_module_path(fix->index, fix->dir, "gone"));
}

START_TEST(modules_from_their_order)
{
	scope_fixture fix = {};

	put_modules(&fix);
	free(put(&fix, "modules.order",
		 "kernel/fs/a-b_c.ko\nkernel/net/x.ko\nkernel/net/y.ko\nkernel/net/z.ko\n"
		 "kernel/net/gone.ko\n"));
	ck_assert_ok(index_read_modules(fix.index, fix.dir));
	assert_modules(&fix);
}
END_TEST

START_TEST(modules_from_a_walk)
{
	scope_fixture fix = {};

	put_modules(&fix);
	free(put(&fix, "modules.builtin", "kernel/gone.ko\n"));
	ck_assert_ok(index_read_modules(fix.index, fix.dir));
	assert_modules(&fix);
}
END_TEST

START_TEST(no_modules)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	ck_assert_ok(index_read_modules(fix.index, fix.dir));
	ck_assert_ptr_null(index_module_path(fix.index, fix.dir, "a"));
}
END_TEST

START_TEST(packages_as_apt_shows_them)
{
	scope_apt_packages packages = {};

	apt_parse_show("Package: a\nVersion: 2\nArchitecture: amd64\nDepends: b (>= 1), c\n"
		       "Description: x\n Version: 9\nFilename: pool/a\nSize: 100\n"
		       "Installed-Size: 3\n\n"
		       "Package: a\nStatus: install ok installed\nVersion: 1\n"
		       "Architecture: amd64\n\n" /* only installed, cannot be downloaded */
		       "N: Unable to locate package z\n"
		       "Package: c\nVersion: 1:3\nArchitecture: all\nFilename: pool/c\nSize: 5",
		       &packages);
	ck_assert_uint_eq(packages.len, 2);

	const struct apt_package *a = apt_find(&packages, "a", NULL);

	ck_assert_str_eq(a->version, "2");
	ck_assert_str_eq(a->depends, "b (>= 1), c");
	ck_assert_uint_eq(a->size, 100);
	ck_assert_uint_eq(a->installed, 3072);
	ck_assert_str_eq(apt_find(&packages, "c", "1:3")->depends, "");
	ck_assert_ptr_null(apt_find(&packages, "a", "1"));
}
END_TEST

START_TEST(series_and_flavour_of_a_release)
{
	static const struct {
		const char *release, *series, *flavour;
	} releases[] = {
		{"6.1.0-54-amd64", "6.1", "amd64"},
		{"6.12.117+deb12-amd64", "6.12", "amd64"},
		{"6.1.0-0.deb11.7-cloud-amd64", "6.1", "cloud-amd64"},
		{"6.12.117+deb12-rt-amd64", "6.12", "rt-amd64"},
		{"6.6.30", "6.6", ""},
		{"6.6", "6.6", ""},
		{"6", NULL, ""},
		{"6.", NULL, ""},
		{"amd64", NULL, ""},
	};

	for (size_t i = 0; i < array_size(releases); i++) {
		scope_free char *series = debian_series(releases[i].release);

		ck_assert_pstr_eq(series, releases[i].series);
		ck_assert_str_eq(debian_flavour(releases[i].release), releases[i].flavour);
	}
}
END_TEST

START_TEST(program_of_a_compiler_text)
{
	static const struct {
		const char *text, *clang, *program;
	} compilers[] = {
		{"gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", "0", "gcc-12"},
		{"x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14) 12.2.0", NULL,
		 "x86_64-linux-gnu-gcc-12"},
		{"Debian clang version 14.0.6", "140006", "clang-14"},
		{"gcc", NULL, "gcc"},
	};

	for (size_t i = 0; i < array_size(compilers); i++) {
		scope_free char *program = compiler_program(compilers[i].text, compilers[i].clang);

		ck_assert_str_eq(program, compilers[i].program);
	}
}
END_TEST

/* Makes a program whose version is text; returns its path. */
static char *put_compiler(const struct fixture *fix, const char *name, const char *text)
{
	scope_free char *script = xasprintf("#!/bin/sh\necho '%s'\necho more\n", text);
	char *path = put(fix, name, script);

	ck_assert_int_eq(chmod(path, 0755), 0);
	return path;
}

START_TEST(the_compiler_must_be_the_one)
{
	static const char *const text = "x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14) 12.2.0";
	scope_fixture fix = {};

	fixture_make(&fix);

	scope_free char *same = put_compiler(&fix, "a", "gcc-12 (Debian 12.2.0-14) 12.2.0");
	scope_free char *other = put_compiler(&fix, "gcc-12", "gcc-12 (Debian 12.2.0-15) 12.2.0");

	ck_assert_ok(compiler_check("6.1", same, text));
	ck_assert_fails(compiler_check("6.1", other, text), "code would differ");
	ck_assert_fails(compiler_check("6.1", other, text), "gcc-12=12.2.0-14");

	struct err *err = compiler_check("6.1", "no-such-gcc-12", text);

	ck_assert_int_eq(err_code(err), ERR_FAILED);
	ck_assert_ptr_nonnull(strstr(err_message(err), "apt-get install gcc-12=12.2.0-14"));
	err_free(err);
}
END_TEST

UNIT_SUITE("target: index", config_values, config_without_values_is_none, exports,
	   bad_exports_are_located, modules_from_their_order, modules_from_a_walk, no_modules,
	   packages_as_apt_shows_them, series_and_flavour_of_a_release, program_of_a_compiler_text,
	   the_compiler_must_be_the_one)
