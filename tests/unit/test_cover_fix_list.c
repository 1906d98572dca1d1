/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests how a list of security fixes is read, and which atoms a fix joins. */
#include "cover/fix_list.h"

#include "cover_cutting.h"

/* Writes a list of fixes and reads it. */
static struct err *read_fixes(struct cutting *cutting, const char *text,
			      struct cover_fix_vec *fixes)
{
	scope_free char *path = xasprintf("%s/fixes", cutting->dir);

	ck_assert_ok(file_write_scratch(path, text, strlen(text)));
	return fix_list_read(path, fixes);
}

static void join_fixes(struct cutting *cutting, const struct cover_fix_vec *fixes)
{
	struct cover_report report = {.fixes = *fixes};
	struct covering covering = {
		.report = &report, .atoms = cutting->atoms, .unit = cutting->unit};

	fix_list_join(&covering);
}

START_TEST(a_fix_joins_its_files)
{
	struct cutting cutting;
	struct cover_fix_vec fixes = {};

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", "int f(void) { return 1; }\n", "int f(void) { return 2; }\n");
	cutting_file(&cutting, "b.c", "int g(void) { return 1; }\n", "int g(void) { return 2; }\n");
	cutting_file(&cutting, "c.c", "int h(void) { return 1; }\n", "int h(void) { return 2; }\n");
	cutting_file(&cutting, "d.c", "int i(void) { return 1; }\n", "int i(void) { return 2; }\n");
	expect_units(&cutting, "a.c:f | b.c:g | c.c:h | d.c:i");
	ck_assert_ok(read_fixes(&cutting,
				"# version, id, files\n"
				"171\tCVE-2026-1001\ta.c  gone.c b.c\t0123abcd\n\n"
				"6.1.172\tCVE-2026-1002\tb.c d.c\n"
				"6.2.172\tCVE-2026-1003\tb.c c.c\n"
				"169\tCVE-2026-1004\ta.c c.c",
				&fixes));
	ck_assert_uint_eq(fixes.len, 4);
	ck_assert_uint_eq(fixes.data[0].files.len, 3);
	ck_assert_str_eq(fixes.data[0].commit, "0123abcd");
	ck_assert(!fixes.data[1].commit);
	/* The third fix is of another series, and the fourth is in the earlier version already. */
	fix_list_select(&fixes, "6.1.170-3", "6.1.172-1");
	join_fixes(&cutting, &fixes);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(links_unit(cutting.unit, i), i == 2 ? 2 : 0);
	/* A revision of the same version has fixes of later versions. */
	fixes.data[0].state = fixes.data[3].state = COVER_FIX_OPEN;
	fix_list_select(&fixes, "6.1.170-3", "6.1.170-4");
	ck_assert_int_eq(fixes.data[0].state, COVER_FIX_OPEN);
	ck_assert_int_eq(fixes.data[3].state, COVER_FIX_ABSENT);
	cover_fixes_free(&fixes);
	cutting_free(&cutting);
}
END_TEST

START_TEST(a_fix_joins_what_its_sources_name_in_headers)
{
	struct cutting cutting;
	struct cover_fix_vec fixes = {};

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c", "int f(void)\n{\nreturn G(1); }\n",
		     "int f(void)\n{\nreturn 1 + G(1); }\n");
	cutting_file(&cutting, "include/a.h", "#define G(x) x\n#define H(x) x\n",
		     "#define G(x) (x)\n#define H(x) (x)\n");
	expect_units(&cutting, "a.c:f include/a.h:G | include/a.h:H");
	ck_assert_ok(read_fixes(&cutting, "171\tCVE-2026-1001\ta.c include/a.h\n", &fixes));
	join_fixes(&cutting, &fixes);
	ck_assert_uint_eq(links_unit(cutting.unit, 1), 0);
	ck_assert_uint_eq(links_unit(cutting.unit, 2), 2);
	cover_fixes_free(&fixes);
	cutting_free(&cutting);
}
END_TEST

START_TEST(a_wrong_list_of_fixes_is_an_error_with_its_line)
{
	static const char *const wrong[] = {
		"171\tCVE-2026-1001\n",	      "171\tCVE-2026-x\ta.c\n", "171 CVE-2026-1 a.c\n",
		"171\tCVE-2026-1001\t \tx\n", "\x7f\x45\x4c\x46\n",
	};
	struct cutting cutting;

	cutting_init(&cutting);
	for (size_t i = 0; i < array_size(wrong); i++) {
		struct cover_fix_vec fixes = {};
		scope_free char *text = xasprintf("# comment\n%s", wrong[i]);

		ck_assert_fails(read_fixes(&cutting, text, &fixes),
				"/fixes:2: expected the version");
		cover_fixes_free(&fixes);
	}
	cutting_free(&cutting);
}
END_TEST

UNIT_SUITE("fix_list", a_fix_joins_its_files, a_fix_joins_what_its_sources_name_in_headers,
	   a_wrong_list_of_fixes_is_an_error_with_its_line)
