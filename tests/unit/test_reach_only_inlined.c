/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Start-up code that changes by what is compiled into it, and by what it is subject to. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/tempdir.h"
#include "patch/changes.h"
#include "reach/only_inlined.h"
#include "unit.h"

static const char text[] = "#define SIZE 4\n"
			   "struct thing { int a; };\n"
			   "static int limit = 7;\n"
			   "static __printf(1, 2) int helper(struct thing *t)\n"
			   "{\n\treturn t->a;\n}\n"
			   "static void only_at_start(void)\n{\n\tlimit++;\n}\n"
			   "int later(struct thing *t)\n{\n\treturn helper(t) + SIZE;\n}\n"
			   "static int __init start(void)\n"
			   "{\n\tonly_at_start();\n\treturn helper(NULL);\n}\n"
			   "module_init(start);\n"
			   "static const void *table[] = { helper };\n";

/* Returns what is said of start() if the first `from` in a file of that name becomes `to`. */
static bool only_inlined(const char *name, const char *from, const char *to)
{
	scope_dir_temp dir = NULL;
	const char *at = strstr(text, from);
	scope_free char *changed =
		xasprintf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	bool only;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *before = xasprintf("%s/before", dir);
	scope_free char *after = xasprintf("%s/after", dir);
	struct changed_file file = {(char *)name, before, after};
	struct changed_file_vec files = {&file, 1, 1};

	ck_assert_ok(file_write_scratch(before, text, strlen(text)));
	ck_assert_ok(file_write_scratch(after, changed, strlen(changed)));
	ck_assert_ok(reach_only_inlined(&files, "start", &only));
	return only;
}

START_TEST(other_functions_do_not_count)
{
	ck_assert(only_inlined("a.c", "return t->a", "return t ? t->a : 0"));
	ck_assert(only_inlined("a.c", "helper(t) + SIZE", "helper(t)"));
	ck_assert(only_inlined("a.c", "int later(",
			       "int added(void)\n{\n\treturn 1;\n}\nint later("));
}
END_TEST

START_TEST(what_start_up_code_is_subject_to_does)
{
	ck_assert(!only_inlined("a.c", "helper(NULL)", "helper(NULL) + 1"));
	ck_assert(!only_inlined("a.c", "SIZE 4", "SIZE 5"));
	ck_assert(!only_inlined("a.c", "int a;", "long a;"));
	ck_assert(!only_inlined("a.c", "limit = 7", "limit = 8"));
	ck_assert(!only_inlined("a.c", "{ helper }", "{ helper, table }"));
	ck_assert(!only_inlined("a.c", "limit++", "limit--")); /* only boot code uses it */
	ck_assert(!only_inlined("a.h", "return t->a", "return 0"));
	ck_assert(!only_inlined("a.c", "int later(",
				"int __init more(void)\n{\n\treturn 1;\n}\nint later("));
}
END_TEST

UNIT_SUITE("kbuild_bodies", other_functions_do_not_count, what_start_up_code_is_subject_to_does)
