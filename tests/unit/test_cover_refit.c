/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Old definitions of structures that get the members of the new ones. */
#include <string.h>

#include "base/strbuf.h"
#include "cover/refit.h"
#include "unit.h"

/* Checks the old definition with the new member, which fits behind the old one of that name. */
static void expect_refit(const char *before, const char *after, const char *behind,
			 const char *wanted)
{
	struct type_fit fit = {(char *)"n", (char *)behind};
	const struct type_fit_vec fits = {.data = &fit, .len = 1};
	scope_strbuf text = STRBUF_INIT;
	bool written = refit_write(before, strlen(before), after, strlen(after), &fits, &text);

	ck_assert_msg(written == !!wanted, "%s", after);
	ck_assert_str_eq(text.buf, wanted ? wanted : "");
}

START_TEST(a_definition_gets_members_behind_others)
{
	const char *old = "\n/* one */\nstruct s {\n\tint a;\n\tchar b; /* b */\n};";

	expect_refit(old, "struct s {\n\tint a;\n\tbool n; /* new */\n\tchar b;\n};", "b",
		     "\n/* one */\nstruct s {\n\tint a;\n\tchar b;\n\tbool n; /* b */\n};");
	expect_refit("struct s { struct { int a; } b; };", "struct s { int *\n n __aligned(8); };",
		     "b", "struct s { struct { int a; } b;\n\tint *\n n __aligned(8); };");
	expect_refit("struct s {\n#ifdef X\nDECLARE(b, 3);\n#endif\n};",
		     "struct s {\n#ifdef Y\nint n;\n#endif\n};", "b",
		     "struct s {\n#ifdef X\nDECLARE(b, 3);\n\tint n;\n#endif\n};");
	/* The members that are found must be the only ones of that name, each declared alone. */
	expect_refit("struct s { int a; };", "struct s { int n; };", "b", NULL);
	expect_refit("struct s { struct { int b; }; };", "struct s { int n; };", "b", NULL);
	expect_refit("struct s { int b; };", "struct s { int n, o; };", "b", NULL);
	expect_refit("struct s { int b; };", "struct s { struct { int n; }; };", "b", NULL);
	expect_refit("struct s { int b; };", "struct s { int n : 3; };", "b", NULL);
	expect_refit("struct s {\n#ifdef X\nint b;\n#else\nlong b;\n#endif\n};",
		     "struct s { int n; };", "b", NULL);
	expect_refit("struct s { int b; };",
		     "struct s {\n#ifdef X\nint n;\n#else\nlong n;\n#endif\n};", "b", NULL);
	expect_refit("struct s { int b; };", "struct s { int o;\n#ifdef X\n#define Y int\nY n; };",
		     "b", "struct s { int b;\n\tY n; };");
	expect_refit("struct s { int b", "struct s { int n;", "b", NULL);
}
END_TEST

UNIT_SUITE("refitted structures", a_definition_gets_members_behind_others)
