/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which units a build has to compile again after a build of a larger change. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "reach/include_graph_build.h"
#include "reach/reached.h"
#include "reach/spread.h"
#include "reach_tree.h"
#include "target/target.h"

static const char *const tree[][2] = {
	{"source/include/linux/compiler-version.h", ""},
	{"source/include/linux/kconfig.h", ""},
	{"source/include/linux/compiler_types.h", ""},
	{"source/include/h.h", "static inline int f(void) { return 1; }\n"
			       "#define VIA f\n"
			       "#define LATER 2\n"},
	{"source/include/far.h", "static inline int far_away(void) { return 1; }\n"},
	{"source/names.c", "#include <h.h>\nint x(void) { return f(); }\n"},
	{"source/macro.c", "#include <h.h>\nint x(void) { return VIA(); }\n"},
	{"source/later.c", "#include <h.h>\nint x(void) { return LATER; }\n"},
	{"source/none.c", "#include <h.h>\nint x;\n"},
	{"source/apart.c", "int x;\n"},
	{"source/deep/in.c", "int x;\n"},
	{"build/none", ""},
	/* The patched text of three files, and a header with all of its change. */
	{"patched/include/h.h", "static inline int f(void) { return 2; }\n"
				"#define VIA f\n"
				"#define LATER f()\n"},
	{"patched/none.c", "#include <h.h>\nint x(void) { return f(); }\n"},
	{"patched/apart.c", "#include <far.h>\nint x(void) { return far_away(); }\n"},
};

static const char *const roots[] = {"apart.c", "deep/in.c", "later.c", "macro.c",
				    "names.c", "none.c",    NULL};

/*
 * Checks which units are to be compiled again if the file at path was altered by these words, or
 * NULL for all of its text. Patched names the one other file that the change still contains.
 */
static void expect_altered(const char *path, const char *words, const char *patched,
			   const char *wanted)
{
	scope_dir_temp dir = NULL;
	scope_free char *data = NULL;
	scope_include_graph graph = NULL;
	scope_strbuf out = STRBUF_INIT;
	size_t size;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	for (size_t i = 0; i < array_size(tree); i++)
		put(dir, tree[i][0], tree[i][1]);

	scope_free char *source = xasprintf("%s/source", dir);
	scope_free char *build = xasprintf("%s/build", dir);
	scope_free char *last = xasprintf("%s/patched/%s", dir, path);
	scope_free char *text = xasprintf("%s/patched/%s", dir, patched ? patched : "");
	struct target target = {.source = source, .build_dir = build};
	const struct kbuild kbuild = {.target = &target};
	struct change change = {.path = (char *)patched, .file = text};
	const struct change_set changes = {.changes = {&change, !!patched, 0}};
	struct str_vec names = {};
	struct altered_file file = {(char *)path, last, words ? &names : NULL};
	const struct altered_file_vec altered = {&file, 1, 0};
	const struct reach_spec spec = {
		.kbuild = &kbuild, .changes = &changes, .altered = &altered};
	struct reached_unit units[array_size(roots) - 1] = {};
	struct reach_result result = {.reached = {units, array_size(units), 0}};
	struct reach_job job = {.spec = &spec, .result = &result};

	for (size_t i = 0; i < array_size(units); i++) {
		units[i].source = (char *)roots[i];
		strmap_set(&job.index, units[i].source, i);
	}
	if (words)
		vec_push(&names, xstrdup(words));
	ck_assert_ok(include_graph_build(&(struct include_graph_spec){source, build, "x86", roots},
					 NULL, &data, &size));
	ck_assert_ok(include_graph_open(data, size, &graph));
	job.graph = graph;
	if (words)
		include_graph_users(graph, path, &job.includers);
	str_vec_sort_unique(&job.includers);
	if (job.includers.len)
		ck_assert_ok(spread_open(&(struct spread_spec){.graph = graph,
							       .source = source,
							       .build = build,
							       .includers = &job.includers,
							       .changes = &changes},
					 &job.spread));
	ck_assert_ok(altered_mark(&job));
	for (size_t i = 0; i < array_size(units); i++)
		if (units[i].reasons & REACH_ALTERED)
			strbuf_addf(&out, "%s ", units[i].source);
	ck_assert_msg(!strcmp(out.buf ? out.buf : "", wanted), "%s of %s alters \"%s\", not \"%s\"",
		      words ? words : "all", path, out.buf ? out.buf : "", wanted);
	spread_free(job.spread);
	str_vec_free(&job.includers);
	strmap_free(&job.index);
	str_vec_free(&names);
}

START_TEST(altered_names_reach_who_names_them)
{
	expect_altered("include/h.h", "f", NULL, "macro.c names.c ");
	expect_altered("include/h.h", "LATER", NULL, "later.c ");
	expect_altered("include/h.h", "nobody", NULL, "");
}
END_TEST

START_TEST(altered_names_are_sought_in_patched_text)
{
	expect_altered("include/h.h", "f", "none.c", "macro.c names.c none.c ");
	expect_altered("include/h.h", "f", "include/h.h", "later.c macro.c names.c ");
}
END_TEST

START_TEST(a_new_include_counts)
{
	expect_altered("include/far.h", "far_away", NULL, "");
	expect_altered("include/far.h", "far_away", "apart.c", "apart.c ");
}
END_TEST

START_TEST(unknown_differences_reach_all)
{
	expect_altered("include/h.h", NULL, NULL, "later.c macro.c names.c none.c ");
	expect_altered("names.c", NULL, NULL, "names.c ");
	expect_altered("deep/Makefile", NULL, NULL, "deep/in.c ");
	expect_altered("table.inc", NULL, NULL,
		       "apart.c deep/in.c later.c macro.c names.c none.c ");
}
END_TEST

UNIT_SUITE("reach_altered", altered_names_reach_who_names_them,
	   altered_names_are_sought_in_patched_text, a_new_include_counts,
	   unknown_differences_reach_all)
