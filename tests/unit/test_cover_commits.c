/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which atoms the lines of a commit are found in. */
#include "cover/commits.h"

#include "cover_cutting.h"

#define MAIL(digits, subject)                                                                      \
	"From 00000000000000000000000000000000000000" digits " Mon Sep 17 00:00:00 2001\n"         \
	"Subject: [PATCH] " subject "\n\n"

/* Reads a series and finds the atoms of its commits. */
static void locate(struct cutting *cutting, const char *text, struct covering *covering)
{
	static struct target target;
	static struct cover_spec spec = {.target = &target};
	scope_free char *path = xasprintf("%s/series", cutting->dir);

	ck_assert_ok(file_write_scratch(path, text, strlen(text)));
	target.source = cutting->trees[0];
	*covering =
		(struct covering){.spec = &spec, .atoms = cutting->atoms, .unit = cutting->unit};
	ck_assert_ok(series_read(path, &covering->series));
	commits_locate(covering);
}

/* Compares the atoms of a commit with a text such as "a.c:f b.c:g". */
static void expect_atoms(const struct covering *covering, size_t commit, const char *wanted)
{
	scope_strbuf out = STRBUF_INIT;

	ck_assert_uint_lt(commit, covering->series.len);
	vec_foreach(&covering->located[commit], it) {
		const struct source_atom *atom = &covering->atoms.atoms.data[*it];

		strbuf_addf(&out, "%s%s:%s", out.len ? " " : "",
			    covering->atoms.files.data[atom->file].change->path, atom->name);
	}
	strbuf_addstr(&out, "");
	ck_assert_str_eq(out.buf, wanted);
}

static void located_free(struct covering *covering)
{
	for (size_t i = 0; i < covering->series.len; i++)
		vec_free(&covering->located[i]);
	free(covering->located);
	series_free(&covering->series);
}

START_TEST(a_commit_is_found_by_its_lines)
{
	struct cutting cutting;
	struct covering covering;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c",
		     "int f(int x)\n{\n\treturn x + 1;\n}\nint g(int x)\n{\n\treturn x + 2;\n}\n",
		     "int f(int x)\n{\n\tif (x > 9)\n\t\treturn 0;\n\treturn x + 1;\n}\n"
		     "int g(int x)\n{\n\treturn 0;\n}\n");
	cutting_file(&cutting, "b.c", "int h(int x)\n{\n\treturn x - 1;\n}\n",
		     "int h(int x)\n{\n\treturn x - 5;\n}\n");
	cutting_file(&cutting, "new.c", NULL, "int i;\n");
	expect_units(&cutting, "a.c:f | a.c:g | b.c:h | new.c:new.c");
	locate(&cutting,
	       "From 1 Mon Sep 17 00:00:00 2001\nSubject: [PATCH 0/3] a letter\n\nwords\n\n"
	       /* The line "return 0;" is in two functions, but another one tells which is meant. */
	       MAIL("01",
		    "one") "--- a/a.c\n+++ b/a.c\n@@ -2 +2,3 @@\n {\n+\tif (x > 9)\n+\t\treturn 0;\n"
			   "--- a/b.c\n+++ b/b.c\n@@ -3 +3 @@\n-\treturn x - 1;\n+\treturn x - 4;\n" MAIL("02", "two") "--- a/a.c\n+++ b/a.c\n@@ -3,0 +3 @@\n+\t\treturn 0;\n" MAIL(
				   "03",
				   "three") "--- a/b.c\n+++ b/b.c\n@@ -3 +3 @@\n-\treturn x - 4;\n+\treturn x - 5;\n"
					    "--- /dev/null\n+++ b/new.c\n@@ -0,0 +1 @@\n+int i;\n" MAIL(
						    "04",
						    "four") "--- a/gone.c\n+++ b/gone.c\n@@ -1 +1 @@\n-a\n+b\n",
	       &covering);
	ck_assert_uint_eq(covering.series.len, 4);
	ck_assert_str_eq(covering.series.data[0].name, "one");
	expect_atoms(&covering, 0, "a.c:f b.c:h");
	expect_atoms(&covering, 1, "a.c:f a.c:g");
	expect_atoms(&covering, 2, "b.c:h new.c:new.c");
	expect_atoms(&covering, 3, "");
	ck_assert_ptr_eq(commits_find(&covering, "0000000000000000000000000000000000000003"),
			 &covering.located[2]);
	ck_assert_ptr_null(commits_find(&covering, "1111"));
	ck_assert_ptr_null(commits_find(&covering, NULL));
	commits_join(&covering);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(links_unit(cutting.unit, i), 0);
	located_free(&covering);
	cutting_free(&cutting);
}
END_TEST

UNIT_SUITE("cover_commits", a_commit_is_found_by_its_lines)
