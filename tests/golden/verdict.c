/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares what the differ said with what the fixture expects. Everything that the fixture does not
 * name must be unchanged.
 */
#include <ctype.h>
#include <string.h>

#include "fixture.h"

/* One expectation: at most one report meets it. */
struct expected {
	char *name;
	const char *change;
	bool optional, met;
};

struct expected_vec VEC(struct expected);

/* The compiler's numbers are not part of a name: "a.isra.0.cold" is "a.isra.cold". */
static char *plain_name(const char *name)
{
	scope_strbuf plain = STRBUF_INIT;

	while (*name) {
		size_t digits = *name == '.' ? strspn(name + 1, "0123456789") : 0;

		if (digits && (name[digits + 1] == '.' || !name[digits + 1]))
			name += digits + 1;
		else
			strbuf_addch(&plain, *name++);
	}
	return strbuf_detach(&plain);
}

static void expect(struct expected_vec *all, const char *change, bool optional, const char *names)
{
	scope_str_vec words = {};

	words_split(names, ", ", &words);
	vec_foreach(&words, word)
		vec_push(all, (struct expected){plain_name(*word), change, optional, false});
}

static void expected_free(struct expected_vec *all)
{
	vec_foreach(all, it)
		free(it->name);
	vec_free(all);
}
#define scope_expected __attribute__((cleanup(expected_free))) struct expected_vec

static bool take(struct expected_vec *all, const char *name, const char *change)
{
	vec_foreach(all, it)
		if (!it->met && !strcmp(it->name, name) &&
		    (!it->change || !strcmp(it->change, change)))
			return it->met = true;
	return false;
}

/* A .cold part follows its parent, so it need not be listed. */
static bool follows_parent(struct expected_vec *all, const char *name)
{
	if (!str_ends(name, ".cold"))
		return false;
	vec_foreach(all, it)
		if (strlen(it->name) == strlen(name) - strlen(".cold") &&
		    str_starts(name, it->name))
			return true;
	return false;
}

static void compare(struct fixture *fixture, const char *what, json_t *reports,
		    struct expected_vec *all)
{
	json_t *report;
	size_t i;

	if (!json_is_array(reports)) {
		fixture_problem(fixture, "the report has no array \"%s\"", what);
		return;
	}
	json_array_foreach(reports, i, report)
	{
		const char *name = "", *change = "", *why = "";

		json_unpack(report, "{s:s, s:s, s?s}", "name", &name, "change", &change, "why",
			    &why);
		scope_free char *plain = plain_name(name);

		if (!take(all, plain, change) && strcmp(change, "unchanged") &&
		    !follows_parent(all, plain))
			fixture_problem(fixture, "%s: %s is reported as %s (%s)", what, name,
					change, why);
	}
	vec_foreach(all, it)
		if (!it->met && !it->optional)
			fixture_problem(fixture, "%s: %s is not reported as %s", what, it->name,
					it->change);
}

/*
 * A refusal that the fixture does not expect is as wrong as a missing one. One rule may be found
 * several times.
 */
static void compare_findings(struct fixture *fixture, json_t *reports, struct expected_vec *all)
{
	json_t *report;
	size_t i;

	json_array_foreach(reports, i, report)
	{
		const char *rule = "", *severity = "", *message = "";
		bool known = false;

		json_unpack(report, "{s:s, s:s, s?s}", "rule", &rule, "severity", &severity,
			    "message", &message);
		vec_foreach(all, it)
			if (!strcmp(it->name, rule))
				known = it->met = true;
		if (!known && !strcmp(severity, "refuse"))
			fixture_problem(fixture, "finding %s: %s", rule, message);
	}
	vec_foreach(all, it)
		if (!it->met)
			fixture_problem(fixture, "no finding %s", it->name);
}

void fixture_check_verdict(struct fixture *fixture, json_t *diff)
{
	static const char *const changes[] = {"changed", "new", "removed", "unchanged"};
	scope_expected functions = {}, data = {}, findings = {};
	const char *schema = "";

	vec_foreach(&fixture->directives, it) {
		for (unsigned i = 0; i < array_size(changes); i++) {
			if (!strcmp(it->word, changes[i]))
				expect(&functions, changes[i], false, it->args);
			if (!strcmp(it->word, "data") && str_starts(it->args, changes[i]))
				expect(&data, changes[i], false, it->args + strlen(changes[i]));
		}
		if (!strcmp(it->word, "data") && str_starts(it->args, "any "))
			expect(&data, NULL, true, it->args + strlen("any "));
		if (!strcmp(it->word, "any"))
			expect(&functions, NULL, true, it->args);
		if (!strcmp(it->word, "finding"))
			expect(&findings, NULL, false, it->args);
	}

	json_unpack(diff, "{s:s}", "schema", &schema);
	if (strcmp(schema, "suture.diff/1"))
		fixture_problem(fixture, "schema is \"%s\"", schema);
	compare(fixture, "functions", json_object_get(diff, "functions"), &functions);
	compare(fixture, "data", json_object_get(diff, "data"), &data);
	compare_findings(fixture, json_object_get(diff, "findings"), &findings);
}
