/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "safety/safety.h"
#include "unit.h"

static size_t layout_findings(const char *before, const char *after)
{
	scope_findings findings = {};

	safety_check_source("a.c", before, after, &findings);
	vec_foreach(&findings, it)
		ck_assert_str_eq(it->rule, "layout-changed");
	return findings.len;
}

START_TEST(a_new_member_is_told)
{
	scope_findings findings = {};

	safety_check_source("a.c", "struct a {\n\tint x;\n};", "struct a {\n\tint x, y;\n};",
			    &findings);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_str_eq(findings.data[0].where, "a.c: struct a");
	ck_assert_int_eq(findings.data[0].severity, SEVERITY_WARN);
}
END_TEST

START_TEST(inner_structures_count)
{
	ck_assert_uint_eq(layout_findings("struct a { struct { int x; } in; int z; };",
					  "struct a { struct { long x; } in; int z; };"),
			  1);
	ck_assert_uint_eq(layout_findings("union u { struct b { int x; } b; };",
					  "union u { struct b { char x; } b; };"),
			  2); /* the inner one has a name, too */
}
END_TEST

START_TEST(what_is_no_member_is_not_told)
{
	ck_assert_uint_eq(layout_findings("struct a {\n#line 7\n\tint x; /* old */\n};",
					  "struct a {\n\n\tint  x; // new\n};"),
			  0);
	/* an initialiser, a function returning a structure, one that is new */
	ck_assert_uint_eq(
		layout_findings("struct a v = { 1 }; struct a f(void) { return v; }",
				"struct a v = { 2 }; struct a f(void) { v.x++; return v; }"
				"struct n { int x; };"),
		0);
	ck_assert_uint_eq(layout_findings("char *s = \"struct a { int x; }\";",
					  "char *s = \"struct a { int y; }\";"),
			  0);
}
END_TEST

START_TEST(text_that_ends_anywhere_is_fine)
{
	const char text[] =
		"struct a { int x; /* c */ char y[] = \"s\\\"\"; }; #x \\\n union b { '";

	for (size_t i = 0; i < sizeof(text); i++) {
		char *cut = strndup(text, i);

		layout_findings(cut, text);
		free(cut);
	}
}
END_TEST

START_TEST(every_rule_is_explained)
{
	size_t count;
	const struct rule *rules = rule_list(&count);

	for (size_t i = 0; i < count; i++) {
		char *text = rule_text(&rules[i]);

		ck_assert_ptr_eq(rule_find(rules[i].id), &rules[i]);
		ck_assert_msg(strlen(text) > 20, "%s", rules[i].id);
		ck_assert_msg(!strstr(text, "\n##"), "%s: more than its section", rules[i].id);
		free(text);
	}
	ck_assert_ptr_null(rule_find("data"));
}
END_TEST

START_TEST(an_allowed_finding_does_not_refuse)
{
	scope_findings findings = {};
	scope_allowances allow = {};

	ck_assert_ptr_null(allowance_add(&allow, "data-changed=read at start = once"));
	ck_assert_ptr_null(allowance_add(&allow, "assembly=not reached"));
	finding_add(&findings, "data-changed", "a.c", "x", NULL, "changes");
	finding_add(&findings, "not-proven", "a.c", "f", NULL, "is nowhere");
	findings_allow(&findings, &allow);
	ck_assert_str_eq(findings.data[0].allowed, "read at start = once");
	ck_assert(findings_refuse(&findings)); /* because of the other one */
	finding_soften(&findings, SEVERITY_NOTE);
	ck_assert(!findings_refuse(&findings));
	ck_assert(allow.data[0].used);
	ck_assert(!allow.data[1].used);
}
END_TEST

START_TEST(an_allowance_needs_a_rule_and_a_reason)
{
	static const char *const bad[] = {
		"no-such-rule=x",
		"data-changed",
		"data-changed=",
		"data-changed= ",
		"not-proven=well",
		"data-changed=a\nb",
		"=x",
		"",
		"address-stored=x",
	};
	scope_allowances allow = {};

	for (size_t i = 0; i < array_size(bad); i++) {
		struct err *err = allowance_add(&allow, bad[i]);

		ck_assert_msg(err && err_code(err) == ERR_USAGE, "%s", bad[i]);
		err_free(err);
	}
	ck_assert_uint_eq(allow.len, 0);
}
END_TEST

UNIT_SUITE("safety", every_rule_is_explained, an_allowed_finding_does_not_refuse,
	   an_allowance_needs_a_rule_and_a_reason, a_new_member_is_told, inner_structures_count,
	   what_is_no_member_is_not_told, text_that_ends_anywhere_is_fine)
