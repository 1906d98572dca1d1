/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings, the table of rules, allowances, and the JSON form. */
#include <stdlib.h>
#include <string.h>

#include "finding/allowance.h"
#include "finding/finding.h"
#include "finding/json.h"
#include "finding/rule.h"
#include "unit.h"

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
	ck_assert(findings_refuse(&findings)); /* the other finding still refuses */
	finding_soften(&findings, SEVERITY_NOTE);
	ck_assert(!findings_refuse(&findings));
	ck_assert(allow.data[0].used);
	ck_assert(!allow.data[1].used);
}
END_TEST

START_TEST(a_finding_of_an_unknown_rule_refuses_and_names_it)
{
	scope_findings findings = {};

	finding_add(&findings, "no-such-rule", "a.c", "x", NULL, "%s changes", "x");
	ck_assert(findings_refuse(&findings));
	ck_assert_str_eq(
		findings.data[0].message,
		"x changes (this is a bug in suture: its table of rules does not contain 'no-such-rule')");
}
END_TEST

/* Of two findings of one rule and place, the more severe one stays, whatever their order. */
START_TEST(the_worse_finding_stays)
{
	for (int order = 0; order < 2; order++) {
		scope_findings findings = {};
		struct finding_vec extra = {};
		struct finding_vec *mild = order ? &extra : &findings;

		finding_add(order ? &findings : &extra, "layout-changed", "a.c", "s", "x", "worse");
		finding_add(mild, "layout-changed", "a.c", "s", "x", "mild");
		finding_soften(mild, SEVERITY_WARN);
		findings_merge(&findings, &extra);
		ck_assert_uint_eq(findings.len, 1);
		ck_assert_str_eq(findings.data[0].message, "worse");
		ck_assert(findings_refuse(&findings));
	}
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
		"data-changed=caf\xe9",
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

/* Checks the derived `where` with each field absent once. */
START_TEST(where_is_derived)
{
	static const struct {
		char *file, *object, *symbol;
		const char *where;
	} cases[] = {
		{"fs/pipe.c", "vmlinux", "pipe_read", "fs/pipe.c: pipe_read"},
		{"fs/pipe.c", NULL, NULL, "fs/pipe.c"},
		{NULL, "ext4", NULL, "ext4"},
		{NULL, "ext4", "ext4_init", "ext4: ext4_init"},
		{NULL, NULL, "x", "x"},
		{NULL, NULL, NULL, NULL},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct finding finding = {.file = cases[i].file,
					  .object = cases[i].object,
					  .symbol = cases[i].symbol};
		scope_free char *where = finding_where(&finding);

		ck_assert_pstr_eq(where, cases[i].where);
	}
}
END_TEST

/* Names that begin alike, contain a colon, or are absent are different places. */
START_TEST(a_place_is_compared_by_its_fields)
{
	scope_findings findings = {};
	const struct finding *it;

	finding_add(&findings, "init-function", "fs/a: b.c", "struct s", NULL, "x");
	it = &findings.data[0];
	ck_assert(finding_is_at(it, "fs/a: b.c", "struct s"));
	ck_assert(!finding_is_at(it, "fs/a", "b.c: struct s"));
	ck_assert(!finding_is_at(it, "fs/a: b.c", "s"));
	ck_assert(!finding_is_at(it, "fs/a: b.c", NULL));
	finding_add(&findings, "not-built", "fs/a.c", NULL, NULL, "x");
	ck_assert(finding_is_at(&findings.data[1], "fs/a.c", NULL));
}
END_TEST

/* Two modules that fail the same check give two findings. */
START_TEST(objects_keep_findings_apart)
{
	scope_findings findings = {};
	struct finding_vec extra = {};

	finding_add_about(&findings, SEVERITY_WARN, "tested", "one", NULL, "one is not tested");
	finding_add_about(&extra, SEVERITY_WARN, "tested", "two", NULL, "two is not tested");
	finding_add_about(&extra, SEVERITY_WARN, "tested", "one", NULL, "the same again");
	finding_add_about(&extra, SEVERITY_WARN, "tested", NULL, NULL, "nothing is tested");
	findings_merge(&findings, &extra);
	ck_assert_uint_eq(findings.len, 3);
	ck_assert_uint_eq(extra.len, 0);
	ck_assert_str_eq(findings.data[0].message, "one is not tested");
}
END_TEST

START_TEST(sorting_drops_what_is_said_twice)
{
	static const char *const said[][2] = {{"b.c", "x"}, {NULL, "x"},  {"a.c", "y"},
					      {"a.c", "x"}, {"b.c", "x"}, {NULL, "x"}};
	scope_findings findings = {};
	scope_findings all = {};

	for (size_t i = 0; i < array_size(said); i++)
		finding_add(&findings, "file-skipped", said[i][0], NULL, NULL, "%s", said[i][1]);
	findings_sort_unique(&findings);
	ck_assert_uint_eq(findings.len, 4);
	ck_assert_pstr_eq(findings.data[0].file, NULL);
	ck_assert_str_eq(findings.data[1].message, "x");
	ck_assert_str_eq(findings.data[2].message, "y");
	ck_assert_str_eq(findings.data[3].file, "b.c");
	findings_append(&all, &findings);
	ck_assert_uint_eq(all.len, 4);
	ck_assert_uint_eq(findings.len, 0);
	findings_sort_unique(&findings);
}
END_TEST

START_TEST(json_has_every_field)
{
	scope_findings findings = {};
	json_t *array, *it;

	finding_add(&findings, "data-changed", "fs/a.c", "x", "do this", "%s", "a \033 is told");
	finding_at(&findings, 7);
	finding_add_about(&findings, SEVERITY_NOTE, "state", NULL, NULL, "it is damaged");
	array = findings_json(&findings);
	it = json_array_get(array, 0);
	ck_assert_str_eq(json_string_value(json_object_get(it, "rule")), "data-changed");
	ck_assert_str_eq(json_string_value(json_object_get(it, "severity")), "refuse");
	ck_assert_str_eq(json_string_value(json_object_get(it, "where")), "fs/a.c: x");
	ck_assert_str_eq(json_string_value(json_object_get(it, "file")), "fs/a.c");
	ck_assert_int_eq(json_integer_value(json_object_get(it, "line")), 7);
	ck_assert_str_eq(json_string_value(json_object_get(it, "symbol")), "x");
	ck_assert_str_eq(json_string_value(json_object_get(it, "remedy")), "do this");
	ck_assert_str_eq(json_string_value(json_object_get(it, "message")),
			 "a \\x1b is told"); /* no escape sequence reaches a terminal through jq */
	it = json_array_get(array, 1);
	for (size_t i = 0; i < 6; i++) {
		static const char *const absent[] = {"where",  "file",	 "object",
						     "symbol", "remedy", "allowed"};

		ck_assert(json_is_null(json_object_get(it, absent[i])));
	}
	ck_assert_int_eq(json_integer_value(json_object_get(it, "line")), 0);
	json_decref(array);
}
END_TEST

UNIT_SUITE("finding", every_rule_is_explained, an_allowed_finding_does_not_refuse,
	   a_finding_of_an_unknown_rule_refuses_and_names_it,
	   an_allowance_needs_a_rule_and_a_reason, the_worse_finding_stays, where_is_derived,
	   a_place_is_compared_by_its_fields, objects_keep_findings_apart,
	   sorting_drops_what_is_said_twice, json_has_every_field)
