/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests how two sources are cut into atoms, what belongs together, and how mixtures are written. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "cover/atoms.h"
#include "cover/header_names.h"
#include "cover/links.h"
#include "cover/mixture.h"
#include "target/sums.h"
#include "target/target.h"
#include "cover_cutting.h"
#include "unit.h"

/* Checks into which units the changes of one file are divided. */
static void expect_file_units(const char *before, const char *after, const char *wanted)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", before, after);
	expect_units(&cutting, wanted);
	cutting_free(&cutting);
}

/* Checks the text of the file that carries the atoms in the list, whose names blanks divide. */
static void expect_mixture(const char *before, const char *after, const char *carried_names,
			   const char *wanted)
{
	struct cutting cutting;
	struct atom_lines_vec lines = {};
	scope_strbuf text = STRBUF_INIT;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", before, after);
	cutting_cut(&cutting);

	scope_free bool *carried = xcalloc(cutting.atoms.atoms.len + 1, sizeof(*carried));
	scope_free char **refitted = xcalloc(cutting.atoms.atoms.len + 1, sizeof(*refitted));

	for (size_t i = 0; i < cutting.atoms.atoms.len; i++)
		carried[i] = strstr(carried_names, cutting.atoms.atoms.data[i].name);
	mixture_write(&cutting.atoms.files.data[0], carried, refitted, &text, &lines);
	ck_assert_str_eq(text.buf, wanted);
	vec_free(&lines);
	cutting_free(&cutting);
}

START_TEST(trees_are_compared)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "same.c", "int a;", "int a;");
	cutting_file(&cutting, "size.c", "int a;", "int ab;");
	cutting_file(&cutting, "bytes.c", "int a;", "int b;");
	cutting_file(&cutting, "d/gone.c", "int a;", NULL);
	cutting_file(&cutting, "d/new.c", NULL, "int a;");
	cutting_file(&cutting, "Documentation/x", "a", "b");
	cutting_file(&cutting, "arch/arm/x.c", "a", "b");
	cutting_file(&cutting, "arch/x86/x.c", "a", "b");
	ck_assert_ok(tree_diff(cutting.trees[0], cutting.trees[1], NULL, &cutting.changes));

	static const struct tree_change wanted[] = {{"arch/x86/x.c", true, true},
						    {"bytes.c", true, true},
						    {"d/gone.c", true, false},
						    {"d/new.c", false, true},
						    {"size.c", true, true}};

	ck_assert_uint_eq(cutting.changes.len, array_size(wanted));
	for (size_t i = 0; i < array_size(wanted); i++) {
		ck_assert_str_eq(cutting.changes.data[i].path, wanted[i].path);
		ck_assert_int_eq(cutting.changes.data[i].before, wanted[i].before);
		ck_assert_int_eq(cutting.changes.data[i].after, wanted[i].after);
	}
	cutting_free(&cutting);
}
END_TEST

/* Makes the sums of a tree, without the tree. */
static char *summed_tree(const char *dir, const char *name, const struct sum_vec *sums)
{
	scope_free char *folder = xasprintf("%s/%s", dir, name);

	ck_assert_ok(dir_make(folder));
	ck_assert_ok(sums_write(folder, name, sums));
	return xasprintf("%s/tree", folder);
}

START_TEST(sums_are_compared_in_place_of_files)
{
	static char *const paths[] = {"a.c", "b.c", "c.c", "arch/arm/d.c", "arch/x86/d.c"};
	struct sum one[] = {{paths[1], 1, 2}, {paths[0], 1, 1}, {paths[3], 1, 1}, {paths[4], 1, 1}};
	struct sum two[] = {{paths[0], 1, 1}, {paths[1], 1, 3}, {paths[2], 1, 1}, {paths[3], 2, 1}};
	scope_tree_changes changes = {};
	char *dir = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *before = summed_tree(dir, "before", &(struct sum_vec){one, 4, 4});
	scope_free char *after = summed_tree(dir, "after", &(struct sum_vec){two, 4, 4});

	ck_assert_ok(tree_diff(before, after, NULL, &changes));
	ck_assert_uint_eq(changes.len, 3);
	ck_assert_str_eq(changes.data[0].path, "arch/x86/d.c");
	ck_assert(changes.data[0].before && !changes.data[0].after);
	ck_assert_str_eq(changes.data[1].path, "b.c");
	ck_assert_str_eq(changes.data[2].path, "c.c");
	ck_assert(!changes.data[2].before && changes.data[2].after);

	/* Damaged sums are not used: the trees are read instead, and they do not exist. */
	scope_free char *sums = xasprintf("%s/after/sums", dir);

	tree_changes_free(&changes);
	ck_assert_ok(file_write_scratch(sums, "x", 1));
	ck_assert_ok(tree_diff(before, after, NULL, &changes));
	ck_assert_uint_eq(changes.len, 0);
	dir_temp_cleanup(&dir);
}
END_TEST

START_TEST(functions_alone_are_units)
{
	expect_file_units("int f(void) { return 1; }\nint same;\nint g(void) { return 1; }\n",
			  "int f(void) { return 2; }\nint same;\nint g(void) { return 2; }\n",
			  "a.c:f | a.c:g");
	/* Nothing is between the functions this time. */
	expect_file_units("int f(void) { return 1; }\nint g(void) { return 1; }\n",
			  "int f(void) { return 2; }\nint g(void) { return 2; }\n",
			  "a.c:f | a.c:g");
}
END_TEST

START_TEST(what_is_new_goes_with_its_users)
{
	expect_file_units("int f(void) { return 1; }\nint g(void) { return 1; }\n",
			  "static int help(void) { return 3; }\nint f(void) { return help(); }\n"
			  "int g(void) { return 2; }\n",
			  "a.c:f a.c:help | a.c:g");
	/* A function that is removed belongs to those that no longer use it. */
	expect_file_units("static int help(void) { return 3; }\nint f(void) { return help(); }\n",
			  "int f(void) { return 2; }\n", "a.c:help a.c:f");
}
END_TEST

START_TEST(an_interface_concerns_all_who_name_it)
{
	expect_file_units("static int help(int a) { return a; }\nint f(void) { return help(1); }\n"
			  "int g(void) { return 1; }\n",
			  "static int help(int a, int b) { return a + b; }\n"
			  "int f(void) { return help(1, 2); }\nint g(void) { return 2; }\n",
			  "a.c:help a.c:f | a.c:g");
	/* A changed body also belongs to users of the function whose lines change. */
	expect_file_units(
		"static int help(int a)\n{\nreturn a; }\nint f(void) {\n g(help(1));\n}\n"
		"int h(void)\n{\nhelp(3);\nreturn 1;\n}\n",
		"static int help(int a)\n{\nreturn -a; }\nint f(void) {\n g(help(2));\n}\n"
		"int h(void)\n{\nhelp(3);\nreturn 2;\n}\n",
		"a.c:help a.c:f | a.c:h");
}
END_TEST

START_TEST(members_go_with_their_users)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.h", "struct s { int a; };\n",
		     "struct s { int a; int extra; };\n");
	cutting_file(&cutting, "b.c",
		     "int f(struct s *s) { return s->a; }\nint g(void) { return 1; }\n",
		     "int f(struct s *s) { return s->extra; }\nint g(void) { return 2; }\n");
	expect_units(&cutting, "a.h:s b.c:f | b.c:g");
	cutting_free(&cutting);
}
END_TEST

START_TEST(statics_of_other_files_are_others)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", "static int help(int a) { return a; }\n",
		     "static int help(long a) { return a; }\n");
	cutting_file(&cutting, "b.c", "static int help(int a) { return a; }\n",
		     "static int help(char a) { return a; }\n");
	expect_units(&cutting, "a.c:help | b.c:help");
	cutting_free(&cutting);
}
END_TEST

START_TEST(types_and_macros_of_other_sources_are_others)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c",
		     "#define M 1\nstruct s { int a; };\nint f(void) { return 1; }\n",
		     "#define M 2\nstruct s { int a; int b; };\nint f(void) { return M; }\n");
	cutting_file(&cutting, "b.c",
		     "#define M 1\nstruct s { int a; };\nint g(void) { return 1; }\n",
		     "#define M 2\nstruct s { int a; int b; };\nint g(void) { return M; }\n");
	expect_units(&cutting, "a.c:M a.c:f | a.c:s | b.c:M b.c:g | b.c:s");
	cutting_free(&cutting);
}
END_TEST

START_TEST(members_belong_to_structures_that_a_file_names)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "include/a.h", "struct s { int a; };\n",
		     "struct s { int a; int lock; };\n");
	cutting_file(&cutting, "b/b.c", "int f(struct s *s) { return s->a; }\n",
		     "int f(struct s *s) { return s->lock; }\n");
	cutting_file(&cutting, "c/c.c", "int g(struct t *t) { return t->a; }\n",
		     "int g(struct t *t) { return t->lock; }\n");
	expect_units(&cutting, "b/b.c:f include/a.h:s | c/c.c:g");
	cutting_free(&cutting);
}
END_TEST

START_TEST(folders_share_their_headers_with_nobody_else)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "drivers/x/a.h", "#define DEPTH 1\n", "#define DEPTH 2\n");
	cutting_file(&cutting, "drivers/x/a.c", "int f(void) { return 1; }\n",
		     "int f(void) { return DEPTH; }\n");
	cutting_file(&cutting, "drivers/y/b.c", "int g(void) { return 1; }\n",
		     "int g(void) { return DEPTH; }\n");
	expect_units(&cutting, "drivers/x/a.c:f drivers/x/a.h:DEPTH | drivers/y/b.c:g");
	cutting_free(&cutting);
}
END_TEST

START_TEST(what_many_use_joins_nobody)
{
	struct cutting cutting;
	scope_strbuf before = STRBUF_INIT, after = STRBUF_INIT, wanted = STRBUF_INIT;

	strbuf_addstr(&before, "int common(void)\n{\nreturn 1; }\n");
	strbuf_addstr(&after, "int common(void)\n{\nreturn 2; }\n");
	strbuf_addstr(&wanted, "a.c:common");
	for (unsigned i = 0; i < 20; i++) {
		strbuf_addf(&before, "int f%u(void) { return common() + 1; }\n", i);
		strbuf_addf(&after, "int f%u(void) { return common() + 2; }\n", i);
		strbuf_addf(&wanted, " | a.c:f%u", i);
	}
	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", before.buf, after.buf);
	expect_units(&cutting, wanted.buf);
	cutting_free(&cutting);
}
END_TEST

/* The names by which the change of a header reaches others, by blanks. */
static void expect_names(const char *before, const char *after, const char *wanted)
{
	struct cutting cutting;
	scope_str_vec names = {};
	scope_strbuf out = STRBUF_INIT;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.h", before, after);
	cutting_cut(&cutting);

	size_t count = cutting.atoms.atoms.len;
	scope_free bool *carried = xcalloc(count + 1, sizeof(*carried));

	memset(carried, true, count);
	header_names_find(&cutting.atoms, 0, carried, &names);
	vec_foreach(&names, it)
		strbuf_addf(&out, "%s%s", out.len ? " " : "", *it);
	ck_assert_str_eq(out.buf ? out.buf : "", wanted);
	cutting_free(&cutting);
}

START_TEST(names_of_both_versions_and_macros_reach_others)
{
	expect_names("int f(void);\n", "int f(void);\nint g(void);\n", "");
	/* Another header may declare what a macro hides that is new or gone. */
	expect_names("int f(void);\n", "int f(void);\n#define M 1\n", "M");
	expect_names("int f(void);\n#define M 1\n", "int f(void);\n", "M");
	expect_names("#define M 1\n#define N 1\n", "#define M 2\n#define N 1\n", "M");
	expect_names("static inline int f(void) { return 1; }\n",
		     "static inline int f(void) { return g(); }\n", "f");
	expect_names("struct s {\nint a;\nint flags;\n};\n",
		     "struct s {\nint a;\nint new;\nint flags;\n};\n", "");
	expect_names("struct s {\nint a;\nint flags;\n};\n",
		     "struct s {\nint a;\nlong flags;\n};\n", "flags");
	expect_names("enum e {\nA,\nB,\nMAX\n};\n", "enum e {\nA,\nB,\nC,\nMAX\n};\n", "MAX");
}
END_TEST

START_TEST(variables_of_a_structure_are_no_types)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", "struct s v = { 1 };\nstruct s { int a; };\n",
		     "struct s v = { 2 };\nstruct s { long a; };\n");
	cutting_cut(&cutting);
	ck_assert_uint_eq(cutting.atoms.atoms.len, 2);
	ck_assert(!cutting.atoms.atoms.data[0].is_type);
	ck_assert(cutting.atoms.atoms.data[1].is_type);
	ck_assert_str_eq(cutting.atoms.atoms.data[1].tag, "struct s");
	cutting_free(&cutting);
}
END_TEST

START_TEST(comments_are_a_change_of_their_file)
{
	expect_file_units("int f(void) { return 1; }\n", "/* new */\nint f(void) { return 1; }\n",
			  "a.c:a.c");
}
END_TEST

START_TEST(conditionals_keep_a_file_whole)
{
	expect_file_units(
		"#ifdef A\nint f(void) { return 1; }\n#endif\nint g(void) { return 1; }\n",
		"#ifdef B\nint f(void) { return 2; }\n#endif\nint g(void) { return 2; }\n",
		"a.c:a.c");
}
END_TEST

START_TEST(conditionals_that_come_whole_are_a_unit)
{
	expect_file_units("int f(void) { return 1; }\nint same;\nint between;\n"
			  "int g(void) { return 1; }\n",
			  "int f(void) { return 2; }\nint same;\n#ifdef A\n#define M 1\n#else\n"
			  "#define M 2\n#endif\nint between;\nint g(void) { return 2; }\n",
			  "a.c:f | a.c:M | a.c:g");
	/* What they begin to enclose does not change, so that nothing says how to cut. */
	expect_file_units("int f(void) { return 1; }\nint same;\nint g(void) { return 1; }\n",
			  "#ifdef A\nint f(void) { return 2; }\nint same;\n#endif\n"
			  "int g(void) { return 2; }\n",
			  "a.c:a.c");
}
END_TEST

START_TEST(mixtures_have_pieces_of_both)
{
	static const char before[] = "/* f */\nint f(void) { return 1; }\n\n/* g */\n"
				     "int g(void) { return 1; }\n";
	static const char after[] = "/* f, new */\nint f(void) { return 2; }\n\n/* g, new */\n"
				    "int g(void) { return 2; }\n";

	expect_mixture(before, after, "f",
		       "/* f, new */\nint f(void) { return 2; }\n\n/* g */\n"
		       "int g(void) { return 1; }\n");
	expect_mixture(before, after, "g",
		       "/* f */\nint f(void) { return 1; }\n\n/* g, new */\n"
		       "int g(void) { return 2; }\n");
	expect_mixture(before, after, "", before);
	expect_mixture(before, after, "f g", after);
	/* A directive needs a line of its own. */
	expect_mixture("int a;\n", "#define M 1\nint a; int b;\n", "b", "\nint a;\n int b;\n");
	expect_mixture("#define M 1\nint a;\n", "#define M 2\nint a;\n", "M",
		       "#define M 2\nint a;\n");
}
END_TEST

START_TEST(what_changes_places_moves_together)
{
	expect_file_units("int f(void) { return 1; }\nint g(void) { return 1; }\n",
			  "int g(void) { return 2; }\nint f(void) { return 2; }\n", "a.c:f");
}
END_TEST

/* Lists, for each atom that needs another one, both names. */
static void expect_needs(const struct cutting *cutting, const char *wanted)
{
	scope_strbuf out = STRBUF_INIT;

	vec_foreach(&cutting->needs, it)
		strbuf_addf(&out, "%s%s:%s", out.len ? " " : "",
			    cutting->atoms.atoms.data[it->atom].name,
			    cutting->atoms.atoms.data[it->needed].name);
	strbuf_addstr(&out, "");
	ck_assert_str_eq(out.buf, wanted);
}

START_TEST(members_of_two_fixes_do_not_join_them)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.h", "struct s { int a; int gone; };\n",
		     "struct s { int a; int one; int two; };\n");
	cutting_file(
		&cutting, "b.c",
		"int f(struct s *s) { return s->a; }\nint g(struct s *s) { return s->a; }\n",
		"int f(struct s *s) { return s->one; }\nint g(struct s *s) { return s->one; }\n");
	cutting_file(&cutting, "c.c", "int h(struct s *s) { return s->gone; }\n",
		     "int h(struct s *s) { return s->two; }\n");
	expect_units(&cutting, "a.h:s | b.c:f b.c:g | c.c:h");
	expect_needs(&cutting, "s:h f:s g:s h:s");
	cutting_free(&cutting);
}
END_TEST

START_TEST(a_declaration_alone_joins_no_users)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "include/a.h", "int z;\n", "int z;\nextern struct net init_net;\n");
	cutting_file(&cutting, "a.c", "void *f(void)\n{\nreturn 0;\n}\n",
		     "void *f(void)\n{\nreturn &init_net;\n}\n");
	cutting_file(&cutting, "b.c", "void *g(void)\n{\nreturn 0;\n}\n",
		     "void *g(void)\n{\nreturn &init_net;\n}\n");
	expect_units(&cutting, "a.c:f | b.c:g | include/a.h:init_net");
	expect_needs(&cutting, "f:init_net g:init_net");
	cutting_free(&cutting);
	/* With the definition, all belong together. */
	cutting_init(&cutting);
	cutting_file(&cutting, "include/a.h", "int z;\n", "int z;\nint h(void);\n");
	cutting_file(&cutting, "a.c", "int f(void)\n{\nreturn 0;\n}\n",
		     "int f(void)\n{\nreturn h();\n}\n");
	cutting_file(&cutting, "b.c", "int y;\n", "int y;\nint h(void)\n{\nreturn 1;\n}\n");
	expect_units(&cutting, "a.c:f b.c:h include/a.h:h");
	cutting_free(&cutting);
}
END_TEST

START_TEST(a_definition_behind_a_macro_replaces_the_old_one)
{
	static const char *const folders[] = {"a", "b", "c", "d", "e"};
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "include/a.h",
		     "int z;\nstatic inline int f(void)\n{\nreturn 1;\n}\n",
		     "int z;\nGUARD(g, h())\n\nstatic inline int f(void)\n{\nreturn 2;\n}\n");
	for (size_t i = 0; i < 5; i++) {
		scope_free char *path = xasprintf("%s/x.c", folders[i]);

		cutting_file(&cutting, path, "int g(void)\n{\nreturn f();\n}\n",
			     "int g(void)\n{\nreturn 1;\n}\n");
	}
	cutting_cut(&cutting);
	for (size_t i = 0, first = NO_ATOM; i < cutting.atoms.atoms.len; i++) {
		const struct source_atom *atom = &cutting.atoms.atoms.data[i];

		if (!str_ends(cutting.atoms.files.data[atom->file].change->path, ".h"))
			continue;
		first = first == NO_ATOM ? i : first;
		ck_assert_uint_eq(links_unit(cutting.unit, i), links_unit(cutting.unit, first));
	}
	cutting_free(&cutting);
}
END_TEST

START_TEST(a_macro_that_a_source_undefines_is_its_own)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", "#undef FN\nint a;\n", "int a;\n");
	cutting_file(&cutting, "b.c", "int f(void)\n{\nreturn FN(1);\n}\n",
		     "int f(void)\n{\nreturn 1;\n}\n");
	expect_units(&cutting, "a.c:FN | b.c:f");
	cutting_free(&cutting);
}
END_TEST

/* Checks whether a type only loses members. */
static void expect_loses(const char *before, const char *after, bool wanted)
{
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", before, after);
	cutting_cut(&cutting);
	ck_assert_uint_eq(cutting.atoms.atoms.len, 1);
	ck_assert_msg(cutting.atoms.atoms.data[0].only_loses == wanted, "%s", after);
	cutting_free(&cutting);
}

START_TEST(types_that_only_lose_members_are_known)
{
	expect_loses("struct s { int a; int b; int c; };", "struct s { int a; int c; };", true);
	expect_loses("struct s { int a; int b; };", "struct s { int b; };", true);
	expect_loses("struct s { struct { int a; int b; } x; int c; };",
		     "struct s { struct { int b; } x; int c; };", true);
	expect_loses("union u { int a; long b; };", "union u { int a; };", true);
	/* A member that is declared differently is not lost. */
	expect_loses("struct s { unsigned int a; };", "struct s { int a; };", false);
	expect_loses("struct s { int a, b; };", "struct s { int a; };", false);
	expect_loses("struct s { int a; };", "struct s { int a; int b; };", false);
	expect_loses("struct s { int a; int b; };", "struct s { int b; int a; };", false);
	expect_loses("struct s { int a; int b; } __packed;", "struct s { int a; };", false);
	expect_loses("enum e { A, B, C };", "enum e { A, C };", false);
	expect_loses("int f(void) { g(); return 0; }", "int f(void) { return 0; }", false);
}
END_TEST

START_TEST(what_is_added_for_many_joins_none_of_them)
{
	static const char *const folders[] = {"a", "b", "c", "d", "e"};
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "include/h.h", "int z;\nstruct s { int x; };\n#define OLD 1\n",
		     "int z;\nstruct s { int x; int n; };\n");
	for (size_t i = 0; i < 5; i++) {
		scope_free char *path = xasprintf("%s/x.c", folders[i]);
		scope_free char *before = xasprintf(
			"int f%zu(struct s *s)\n{\nreturn 1;\n}\nint g%zu(void)\n{\nreturn OLD;\n}\n",
			i, i);
		scope_free char *after = xasprintf(
			"int f%zu(struct s *s)\n{\nreturn s->n;\n}\nint g%zu(void)\n{\nreturn 1;\n}\n",
			i, i);

		cutting_file(&cutting, path, before, after);
	}
	expect_units(&cutting, "a/x.c:f0 | a/x.c:g0 | b/x.c:f1 | b/x.c:g1 | c/x.c:f2 | c/x.c:g2 | "
			       "d/x.c:f3 | d/x.c:g3 | e/x.c:f4 | e/x.c:g4 | include/h.h:s | "
			       "include/h.h:OLD");
	/* What is removed needs all that used it. */
	expect_needs(&cutting, "f0:s f1:s f2:s f3:s f4:s OLD:g0 OLD:g1 OLD:g2 OLD:g3 OLD:g4");
	cutting_free(&cutting);
}
END_TEST

UNIT_SUITE("cover", a_definition_behind_a_macro_replaces_the_old_one,
	   a_declaration_alone_joins_no_users, a_macro_that_a_source_undefines_is_its_own,
	   what_is_added_for_many_joins_none_of_them, types_that_only_lose_members_are_known,
	   trees_are_compared, sums_are_compared_in_place_of_files, functions_alone_are_units,
	   what_is_new_goes_with_its_users, an_interface_concerns_all_who_name_it,
	   members_go_with_their_users, members_of_two_fixes_do_not_join_them,
	   statics_of_other_files_are_others, types_and_macros_of_other_sources_are_others,
	   members_belong_to_structures_that_a_file_names,
	   folders_share_their_headers_with_nobody_else, what_many_use_joins_nobody,
	   names_of_both_versions_and_macros_reach_others, variables_of_a_structure_are_no_types,
	   conditionals_keep_a_file_whole, conditionals_that_come_whole_are_a_unit,
	   comments_are_a_change_of_their_file, mixtures_have_pieces_of_both,
	   what_changes_places_moves_together)
