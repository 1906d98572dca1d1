/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which changes are left out for a finding, or for an error of the compiler. */
#include <stdlib.h>
#include <string.h>

#include "cover/blame.h"
#include "cover_cutting.h"

/* Sets up what is carried of two trees, of which all is. */
static void covering_init(struct covering *covering, struct cutting *cutting,
			  const struct cover_spec *spec)
{
	size_t count = cutting->atoms.atoms.len;

	*covering = (struct covering){
		.spec = spec,
		.atoms = cutting->atoms,
		.unit = cutting->unit,
		.needs = cutting->needs,
		.carried = xcalloc(count, sizeof(*covering->carried)),
		.kept = xcalloc(count, sizeof(*covering->kept)),
		.reasons = xcalloc(count, sizeof(*covering->reasons)),
		.files = xcalloc(cutting->atoms.files.len, sizeof(*covering->files)),
	};
	memset(covering->carried, true, count);
}

/* Checks which atoms are still carried once a finding is blamed. */
static void expect_kept(struct cutting *cutting, const struct finding_vec *findings,
			const struct klp_failure_vec *failures, const char *wanted)
{
	const struct target target = {.source = cutting->trees[0]};
	const struct cover_spec spec = {.target = &target};
	scope_strbuf kept = STRBUF_INIT;
	struct covering covering;
	bool any;

	cutting_cut(cutting);
	covering_init(&covering, cutting, &spec);
	ck_assert_ok(blame_findings(&covering, findings, failures, &any));
	ck_assert(any);
	for (size_t i = 0; i < cutting->atoms.atoms.len; i++) {
		if (covering.carried[i])
			strbuf_addf(&kept, "%s ", cutting->atoms.atoms.data[i].name);
		findings_free(&covering.reasons[i]);
	}
	ck_assert_str_eq(kept.buf ? kept.buf : "", wanted);
	free(covering.carried);
	free(covering.kept);
	free(covering.reasons);
	free(covering.files);
	cutting->atoms = covering.atoms; /* names that were looked up were added */
}

static void expect_blamed(const char *symbol, const char *declarer, const char *wanted)
{
	const struct klp_failure_vec none = {};
	scope_findings findings = {};
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.c",
		     "struct s { int a; };\nint f(void) { return 1; }\n"
		     "struct { int a; } v;\nint g(void) { return 1; }\n",
		     "struct s { long a; };\nint f(void) { return 2; }\n"
		     "struct { long a; } v;\nint g(void) { return 2; }\n");
	finding_add(&findings, "layout-changed", "a.c", symbol, NULL, "its layout changes");
	finding_declared_by(&findings, declarer);
	expect_kept(&cutting, &findings, &none, wanted);
	cutting_free(&cutting);
}

START_TEST(types_are_blamed_by_what_declares_them)
{
	expect_blamed("struct s", "s", "f v g ");
	expect_blamed("struct s in f", "f", "s v g ");
	expect_blamed("struct of v", "v", "s f g ");
	expect_blamed("struct of w in g", "g", "s f v ");
}
END_TEST

/* h() is unchanged; what it names or may inline is at fault, the nearest first. */
static void expect_near_blamed(const char *before, const char *after, const char *wanted)
{
	static const char rest[] = "static int g(void) { return f(); }\n"
				   "int h(struct s *s) { return s->a + g(); }\n";
	scope_free char *old = xasprintf("%s%s", before, rest);
	scope_free char *new = xasprintf("%s%s", after, rest);
	const struct klp_failure_vec none = {};
	scope_findings findings = {};
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.h", "struct s { int a; };\n", "struct s { int a, b; };\n");
	cutting_file(&cutting, "a.c", old, new);
	finding_add(&findings, "thread-loop", "a.c", "h", NULL, "it is a loop");
	expect_kept(&cutting, &findings, &none, wanted);
	cutting_free(&cutting);
}

START_TEST(headers_are_blamed_if_nothing_nearer_changes)
{
	expect_near_blamed("int f(void) { return 1; }\nint k(void) { return 1; }\n",
			   "int f(void) { return 2; }\nint k(void) { return 2; }\n", "k s ");
	expect_near_blamed("int f(void) { return 1; }\nint k(void) { return 1; }\n",
			   "int f(void) { return 1; }\nint k(void) { return 2; }\n", "k ");
}
END_TEST

/*
 * The source uses S, which changes, but the error is in what LIST expands to: the name at fault is
 * pasted together, and neither the unchanged source nor the changed headers have it.
 */
static void expect_error_blamed(const char *output, const char *wanted)
{
	struct klp_failure failure = {.source = "a.c", .output = (char *)output};
	const struct klp_failure_vec failures = {&failure, 1, 1};
	const char *source = "#include \"a.h\"\nenum { LIST(F) };\nstruct s v;\n";
	scope_findings findings = {};
	struct cutting cutting;

	cutting_init(&cutting);
	cutting_file(&cutting, "a.h", "#define LIST(F) F(A)\nstruct s { int a; };\n",
		     "#define LIST(F) F(A) F(B)\nstruct s { int a; int b; };\n");
	cutting_file(&cutting, "a.c", source, source);
	finding_add(&findings, "not-compiled", "a.c", NULL, NULL, "it does not compile");
	expect_kept(&cutting, &findings, &failures, wanted);
	cutting_free(&cutting);
}

START_TEST(errors_in_expansions_are_blamed_on_macros)
{
	static const char error[] = "b.h:9:43: error: 'NR_B' undeclared here\n";
	static const char note[] = "source/b.h:10:1: note: in expansion of macro 'LIST'\n";
	scope_free char *both = xasprintf("%s%s", error, note);
	scope_free char *others = xasprintf(
		"%sb.h:9:1: note: in expansion of macro 'F'\na.c:2:7: note: x\n%s", error, note);
	scope_free char *settled =
		xasprintf("b.h:9:43: error: 'struct s' has no member 'c'\n%s", note);

	expect_error_blamed(both, "s ");
	expect_error_blamed(others, "s ");
	/* The error itself says what is at fault. */
	expect_error_blamed(settled, "LIST ");
	/* Nothing says it: all that the source uses. */
	expect_error_blamed(error, "");
}
END_TEST

/* A single fix may do with these, a whole update may not. */
START_TEST(warnings_that_a_whole_update_cannot_ignore)
{
	static const struct {
		const char *rule;
		bool counts;
	} cases[] = {{"thread-loop", true}, {"file-skipped", true}, {"long-sleep", false}};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_findings findings = {};

		finding_add(&findings, cases[i].rule, "a.c", "f", NULL, "f");
		finding_soften(&findings, SEVERITY_WARN);
		ck_assert(blame_counts(&findings.data[0]) == cases[i].counts);
		finding_soften(&findings, SEVERITY_NOTE);
		ck_assert(!blame_counts(&findings.data[0]));
	}
}
END_TEST

UNIT_SUITE("blame", warnings_that_a_whole_update_cannot_ignore,
	   types_are_blamed_by_what_declares_them, headers_are_blamed_if_nothing_nearer_changes,
	   errors_in_expansions_are_blamed_on_macros)
