/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which units depend on the makefile of a folder. */
#include <stdlib.h>

#include "base/tempdir.h"
#include "reach/reached.h"
#include "reach_tree.h"

static const char units[] = "k drivers/a/b/own.o a\n"
			    "k drivers/a/main.o a\n"
			    "k drivers/a/plain/deep/low.o a\n"
			    "k drivers/a/plain/part.o a\n"
			    "k drivers/ab/other.o ab\n"
			    "k drivers/shared/far.o|drivers/a/../shared/far.o a\n"
			    "k drivers/shared/near.o shared\n"
			    "h drivers/a/program.o \n";

static const char *const sources[] = {
	"drivers/a/b/own.c",	  "drivers/a/main.c",	 "drivers/a/plain/deep/low.c",
	"drivers/a/plain/part.c", "drivers/ab/other.c",	 "drivers/shared/far.c",
	"drivers/shared/near.c",  "drivers/a/program.c",
};

static const char *const makefiles[] = {"drivers/Makefile", "drivers/a/Makefile",
					"drivers/a/b/Kbuild", "drivers/ab/Makefile",
					"drivers/shared/Makefile"};

/* Checks which sources the makefile of a folder governs; expected are parts of their names. */
static void expect_governed(const char *dir, bool deep, const char *expected)
{
	scope_free char *tree = NULL;
	struct target target = {};
	struct kbuild kbuild = {.target = &target};
	struct reach_result result = {};
	struct reach_spec spec = {.kbuild = &kbuild};
	struct reach_job job = {.spec = &spec, .result = &result};
	scope_strbuf names = STRBUF_INIT;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &tree));
	for (size_t i = 0; i < array_size(sources); i++)
		put(tree, sources[i], "");
	for (size_t i = 0; i < array_size(makefiles); i++)
		put(tree, makefiles[i], "");
	target.source = tree;
	spec.tree = tree;
	ck_assert_ok(kbuild_units_parse(xstrdup(units), &result.units[PRE]));
	reached_add_governed(&job, dir, deep);
	vec_foreach(&result.reached, it)
		strbuf_addf(&names, "%s ", path_base(it->source));
	strbuf_addstr(&names, "");
	ck_assert_str_eq(names.buf, expected);
	vec_foreach(&result.reached, it) {
		free(it->source);
		free(it->object);
	}
	vec_free(&result.reached);
	kbuild_units_free(&result.units[PRE]);
	strmap_free(&job.index);
	ck_assert_ok(dir_remove(tree));
}

START_TEST(a_makefile_governs_folders_without_one)
{
	expect_governed("drivers/a/", false, "main.c low.c part.c far.c ");
	expect_governed("drivers/a/b/", false, "own.c ");
	expect_governed("drivers/ab/", false, "other.c ");
	expect_governed("drivers/", false, "far.c ");
	expect_governed("drivers/shared/", false, "far.c near.c ");
}
END_TEST

START_TEST(flags_for_subfolders_reach_all_below)
{
	expect_governed("drivers/a/", true, "own.c main.c low.c part.c far.c ");
	expect_governed("drivers/", true, "own.c main.c low.c part.c other.c far.c near.c ");
	expect_governed("drivers/a/b/", true, "own.c ");
}
END_TEST

UNIT_SUITE("reach_makefiles", a_makefile_governs_folders_without_one,
	   flags_for_subfolders_reach_all_below)
