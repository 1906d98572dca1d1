/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who includes whom: the scanner, and a small tree with the kernel's shape. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "reach/include_graph.h"
#include "reach/include_graph_build.h"
#include "reach/include_scan.h"
#include "unit.h"

static void expect_scan(const char *text, const char *wanted)
{
	struct include_line_vec includes = {};
	scope_strbuf out = STRBUF_INIT;

	include_lines_scan(text, strlen(text), &includes);
	vec_foreach(&includes, it)
		strbuf_addf(&out, it->quoted ? "\"%s\" " : "<%s> ", it->name);
	include_line_vec_free(&includes);
	ck_assert_str_eq(out.buf, wanted);
}

START_TEST(include_lines_are_found)
{
	expect_scan("#include <linux/a.h>\n#include \"b.h\"\n", "<linux/a.h> \"b.h\" ");
	expect_scan(" \t# \tinclude\t<a.h>", "<a.h> ");
	expect_scan("#include<a.h>\n#ifdef X\n#include \"b.h\" /* why */\n#endif\n",
		    "<a.h> \"b.h\" ");
}
END_TEST

START_TEST(other_lines_are_not)
{
	expect_scan("int include; /* #include <a.h> */\n", "");
	expect_scan("#define include <a.h>\n#includes <b.h>\n", "");
	expect_scan("#include\n#include <a.h\n#include <>\n#include MACRO\n#include", "");
	expect_scan("", "");
}
END_TEST

START_TEST(macros_that_name_a_file_are_found)
{
	expect_scan("#define GENL_MAGIC_INCLUDE_FILE <linux/drbd_genl.h>\n",
		    "<linux/drbd_genl.h> ");
	expect_scan("# define INCLUDE_IT\t\"x.h\"\n", "\"x.h\" ");
	expect_scan("#define INCLUDE(x) \"x\"\n#define TRACE_INCLUDE_PATH .\n", "");
}
END_TEST

START_TEST(paths_are_joined)
{
	static const struct {
		const char *dir, *name, *wanted;
	} cases[] = {
		{"a/b", "c.h", "a/b/c.h"},   {"a/b", "../c.h", "a/c.h"},
		{"a/b", "./c.h", "a/b/c.h"}, {"a/b", "../../c.h", "c.h"},
		{"a", "../../c.h", "c.h"},   {"", "c.h", "c.h"},
		{"./a", "../c.h", "./c.h"},  {"./a", "../../c.h", "./c.h"},
		{".", "c.h", "c.h"},	     {"a", "b//c.h", "a/b/c.h"},
		{"a", "b..c.h", "a/b..c.h"},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *path = path_join(cases[i].dir, cases[i].name);

		ck_assert_str_eq(path, cases[i].wanted);
	}
}
END_TEST

/* path, content */
static const char *const tree[][2] = {
	{"source/include/linux/compiler-version.h", ""},
	{"source/include/linux/kconfig.h", ""},
	{"source/include/linux/compiler_types.h", ""},
	{"source/include/linux/a.h", "#include <asm/b.h>\n"},
	{"source/include/linux/loop1.h", "#include <linux/loop2.h>\n"},
	{"source/include/linux/loop2.h", "#include <linux/loop1.h>\n"},
	{"source/include/linux/same.h", ""},
	{"source/include/linux/unused.h", "#include <linux/a.h>\n"},
	{"source/include/asm-generic/b.h", "#include <linux/deep.h>\n"},
	{"source/include/linux/deep.h", ""},
	{"source/arch/x86/include/asm/own.h", ""},
	{"source/arch/arm/include/asm/own.h", ""},
	{"source/fs/one/one.c",
	 "#include <linux/a.h>\n#include \"local.h\"\n#include <asm/own.h>\n"},
	{"source/fs/one/local.h", "#include \"../two/shared.h\"\n"},
	{"source/fs/two/shared.h", ""},
	{"source/fs/two/local.h", ""},
	{"source/fs/two/two.c",
	 "#include \"part.c\"\n#include <linux/loop1.h>\n#include \"same.h\"\n"},
	{"source/fs/two/part.c", "#include <dir_flags.h>\n"},
	{"source/fs/two/same.h", ""},
	{"source/fs/inc/dir_flags.h", ""},
	{"source/fs/asm.S", "#include <asm/own.h>\n"},
	{"source/fs/two/linux/a.h", ""},
	{"source/fs/unbuilt.c", "#include <linux/a.h>\n"},
	{"build/include/generated/g.h", ""},
	{"build/arch/x86/include/generated/asm/b.h", "#include <asm-generic/b.h>\n"},
};

static const char *const roots[] = {"fs/one/one.c", "fs/one/one.S", "fs/two/two.c", "fs/asm.S",
				    NULL};

static void make_tree(const char *dir)
{
	for (size_t i = 0; i < array_size(tree); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, tree[i][0]);
		scope_free char *parent = path_parent(path);

		ck_assert_ok(dir_make(parent));
		ck_assert_ok(file_write(path, tree[i][1], strlen(tree[i][1])));
	}
}

static void build_block(char **data, size_t *size)
{
	scope_dir_temp dir = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	make_tree(dir);

	scope_free char *source = xasprintf("%s/source", dir);
	scope_free char *build = xasprintf("%s/build", dir);

	ck_assert_ok(include_graph_build(
		&(struct include_graph_spec){
			.source = source, .build = build, .arch = "x86", .roots = roots},
		NULL, data, size));
}

static void expect_users(const struct include_graph *graph, const char *path, const char *wanted)
{
	scope_str_vec users = {};
	scope_strbuf out = STRBUF_INIT;

	include_graph_users(graph, path, &users);
	str_vec_sort_unique(&users);
	vec_foreach(&users, it)
		strbuf_addf(&out, "%s ", *it);
	ck_assert_msg(!strcmp(out.buf, wanted), "%s is used by \"%s\", not \"%s\"", path, out.buf,
		      wanted);
}

START_TEST(users_are_found_through_every_kind_of_name)
{
	static const char *const wanted[][2] = {
		{"include/linux/a.h", "fs/one/one.c "},
		{"fs/two/linux/a.h",
		 ""}, /* the name is found in include/, so no other file counts */
		/* asm/b.h is generated, and includes a header of asm-generic. */
		{"include/linux/deep.h", "fs/one/one.c "},
		{"fs/one/local.h", "fs/one/one.c "},
		{"fs/two/local.h", ""}, /* the includer's own folder comes first */
		{"fs/two/shared.h", "fs/one/one.c "},
		{"fs/two/part.c", "fs/two/two.c "},
		{"fs/inc/dir_flags.h", "fs/two/part.c fs/two/two.c "},
		{"include/linux/loop1.h", "fs/two/two.c "},
		{"include/linux/loop2.h", "fs/two/two.c "},
		{"fs/two/same.h", "fs/two/two.c "},
		{"include/linux/same.h", ""},
		{"include/linux/unused.h", ""},
		{"arch/x86/include/asm/own.h", "fs/asm.S fs/one/one.c "},
		{"arch/arm/include/asm/own.h", ""},
		{"include/linux/kconfig.h", "fs/asm.S fs/one/one.c fs/two/two.c "},
		{"include/none.h", ""},
	};
	scope_free char *data = NULL;
	scope_include_graph graph = NULL;
	size_t size;

	build_block(&data, &size);
	ck_assert_ok(include_graph_open(data, size, &graph));
	for (size_t i = 0; i < array_size(wanted); i++)
		expect_users(graph, wanted[i][0], wanted[i][1]);
}
END_TEST

START_TEST(a_damaged_graph_is_refused_or_harmless)
{
	scope_free char *data = NULL;
	size_t size;

	build_block(&data, &size);
	for (size_t cut = 0; cut < size; cut += 7) {
		scope_free char *part = xmemdup(data, cut + 1);
		struct include_graph *graph = NULL;

		if (cut + 1 < size)
			ck_assert_fails(include_graph_open(part, cut + 1, &graph), "damaged");
	}
	for (size_t at = 0; at < size; at++) {
		scope_free char *bent = xmemdup(data, size);
		scope_include_graph graph = NULL;
		scope_str_vec users = {};

		bent[at] ^= 0x41;
		err_free(include_graph_open(bent, size, &graph));
		if (graph)
			include_graph_users(graph, "include/linux/a.h", &users);
	}
}
END_TEST

UNIT_SUITE("kbuild_graph", include_lines_are_found, other_lines_are_not,
	   macros_that_name_a_file_are_found, paths_are_joined,
	   users_are_found_through_every_kind_of_name, a_damaged_graph_is_refused_or_harmless)
