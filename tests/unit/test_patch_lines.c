/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests #line directives. In each text, a hunk shifted the lines from "shift" on by one; the whole
 * result is compared, so that a directive at a wrong place is noticed.
 */
#include "base/strbuf.h"
#include "patch/lines.h"
#include "unit.h"

/* Before the patch, lines from the new line `now` on had numbers that were less by one. */
static void expect(const char *text, unsigned now, const char *wanted)
{
	struct line_shift_vec shifts = {};
	scope_strbuf out = STRBUF_INIT;

	vec_push(&shifts, (struct line_shift){now, now - 1});
	lines_keep(text, &shifts, &out);
	vec_free(&shifts);
	ck_assert_str_eq(out.buf, wanted);
}

START_TEST(directive_waits_for_the_end_of_the_function)
{
	expect("int f(void)\n{\n\tnew();\n\told();\n}\nint g;\n", 4,
	       "int f(void)\n{\n\tnew();\n\told();\n}\n#line 5\nint g;\n");
}
END_TEST

START_TEST(directive_waits_for_the_end_of_a_list)
{
	expect("int a(int new,\n int b,\n int c);\nint g;\n", 2,
	       "int a(int new,\n int b,\n int c);\n#line 3\nint g;\n");
	expect("int t[] = {\n1,\n2,\n};\nint g;\n", 3,
	       "int t[] = {\n1,\n2,\n};\n#line 4\nint g;\n");
}
END_TEST

START_TEST(directive_stays_out_of_macros)
{
	expect("#define M(x) do { \\\n new; \\\n old; \\\n} while (0)\nint g;\n", 3,
	       "#define M(x) do { \\\n new; \\\n old; \\\n} while (0)\n#line 4\nint g;\n");
	/* The braces of a macro do not count; this one leaves a brace open. */
	expect("int new;\n#define BEGIN {\nint g;\n", 2,
	       "int new;\n#line 1\n#define BEGIN {\nint g;\n");
	expect("#define BEGIN {\nint new;\nint g;\n", 3,
	       "#define BEGIN {\nint new;\n#line 2\nint g;\n");
}
END_TEST

START_TEST(comments_hide_their_text)
{
	expect("/* {\n new\n ( */\nint g;\n", 3, "/* {\n new\n ( */\n#line 3\nint g;\n");
	expect("int new; // {(\"\nint g;\n", 2, "int new; // {(\"\n#line 1\nint g;\n");
	expect("int new; /*/ { */\nint g;\n", 2, "int new; /*/ { */\n#line 1\nint g;\n");
	expect("#define X /* {\n new */ 1\nint g;\n", 2,
	       "#define X /* {\n new */ 1\n#line 2\nint g;\n");
}
END_TEST

START_TEST(strings_hide_their_text)
{
	expect("char *s = \"{ /* \\\" (\";\nchar c = '{', d = '\\'', e = '\"';\nint g;\n", 3,
	       "char *s = \"{ /* \\\" (\";\nchar c = '{', d = '\\'', e = '\"';\n#line 2\nint g;\n");
	/* One string continues on a second line, and one has no end. */
	expect("char *s = \"{\\\n new {\";\nint g;\n", 2,
	       "char *s = \"{\\\n new {\";\n#line 2\nint g;\n");
	expect("char *s = \"{;\nint g;\n", 2, "char *s = \"{;\n#line 1\nint g;\n");
	expect("#error don't {\nint g;\n", 2, "#error don't {\n#line 1\nint g;\n");
}
END_TEST

START_TEST(branches_may_open_the_same_brace)
{
	expect("#ifdef A\nint f(int a) {\n#elif B\nint f(char a) {\n#else\nint f(void) {\n#endif\n"
	       "\tnew;\n}\nint g;\n",
	       9,
	       "#ifdef A\nint f(int a) {\n#elif B\nint f(char a) {\n#else\nint f(void) {\n#endif\n"
	       "\tnew;\n}\n#line 9\nint g;\n");
}
END_TEST

START_TEST(a_brace_in_the_first_column_ends_everything)
{
	/* BEGIN_BLOCK() opens a brace whose end is not visible. */
	expect("int f(void)\n{\n\tif (x) {\n\t\tnew;\n\tEND\n}\nint g;\n", 5,
	       "int f(void)\n{\n\tif (x) {\n\t\tnew;\n\tEND\n}\n#line 6\nint g;\n");
}
END_TEST

START_TEST(old_style_parameters_are_outside)
{
	expect("int f(a)\n\tint new;\n\tint a;\n{\n}\n", 3,
	       "int f(a)\n\tint new;\n#line 2\n\tint a;\n{\n}\n");
}
END_TEST

START_TEST(a_skipped_group_does_not_swallow_it)
{
	/* The first safe place may be in a group that the compiler skips. */
	expect("#if 0\nint new;\nint a;\n#endif\nint g;\n", 3,
	       "#if 0\nint new;\n#line 2\nint a;\n#endif\n#line 4\nint g;\n");
	expect("#if 0\nint new;\nint a;\n#else\nint b;\n#endif\nint g;\n", 3,
	       "#if 0\nint new;\n#line 2\nint a;\n#else\n#line 4\nint b;\n#endif\n#line 6\nint "
	       "g;\n");
}
END_TEST

START_TEST(several_shifts_add_up)
{
	struct line_shift_vec shifts = {};
	scope_strbuf out = STRBUF_INIT;

	/* Two lines were added before line 3, and three were removed before line 5. */
	vec_push(&shifts, (struct line_shift){3, 1});
	vec_push(&shifts, (struct line_shift){5, 6});
	lines_keep("n\nn\na\nb\nc\nd\n", &shifts, &out);
	vec_free(&shifts);
	ck_assert_str_eq(out.buf, "n\nn\n#line 1\na\nb\n#line 6\nc\nd\n");
}
END_TEST

START_TEST(a_missing_last_newline_stays_missing)
{
	expect("int new;\nint g;", 2, "int new;\n#line 1\nint g;");
	expect("", 2, "");
}
END_TEST

START_TEST(output_of_diff_is_read)
{
	struct line_shift_vec shifts = {};

	ck_assert_ok(line_shifts_parse("5a6,8\n> x\n> y\n> 9\n10,12d12\n< a\n20c20,21\n< b\n---\n"
				       "> 1\n> 2\n\\ No newline at end of file\n",
				       &shifts));
	ck_assert_uint_eq(shifts.len, 3);
	ck_assert_uint_eq(shifts.data[0].now, 9);
	ck_assert_uint_eq(shifts.data[0].before, 6);
	ck_assert_uint_eq(shifts.data[1].now, 13);
	ck_assert_uint_eq(shifts.data[1].before, 13);
	ck_assert_uint_eq(shifts.data[2].now, 22);
	ck_assert_uint_eq(shifts.data[2].before, 21);
	ck_assert_fails(line_shifts_parse("5x6\n", &shifts), "unexpected");
	vec_free(&shifts);
}
END_TEST

UNIT_SUITE("kbuild_lines", directive_waits_for_the_end_of_the_function,
	   directive_waits_for_the_end_of_a_list, directive_stays_out_of_macros,
	   comments_hide_their_text, strings_hide_their_text, branches_may_open_the_same_brace,
	   a_brace_in_the_first_column_ends_everything, old_style_parameters_are_outside,
	   a_skipped_group_does_not_swallow_it, several_shifts_add_up,
	   a_missing_last_newline_stays_missing, output_of_diff_is_read)
