/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two versions of a unit, and what the rules on types and code find between them. */
#ifndef SUTURE_TESTS_TYPES_UNIT_H
#define SUTURE_TESTS_TYPES_UNIT_H

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/tempdir.h"
#include "safety/safety.h"
#include "unit.h"

static char *compile(const char *dir, const char *side, const char *text)
{
	scope_free char *source = xasprintf("%s/source/a.c", dir);
	scope_free char *folder = xasprintf("%s/source", dir);
	char *object = xasprintf("%s/%s.o", dir, side);
	const char *const argv[] = {
		"gcc",	"-g",	"-O1", "-ffunction-sections", "-fdata-sections", "-w", "-c", "-o",
		object, source, NULL};
	scope_strbuf output = STRBUF_INIT;
	int status;

	ck_assert_ptr_null(dir_make(folder));
	ck_assert_ptr_null(file_write_scratch(source, text, strlen(text)));
	ck_assert_ptr_null(proc_run(&(struct proc_spec){.argv = argv}, &status, &output));
	ck_assert_msg(!status, "%s", output.buf);
	return object;
}

/* A unit before and after a change, its objects, and their comparison. */
struct pair {
	char *dir, *pre, *post;
	struct elf_object *orig, *patched;
	struct diff *diff;
	struct safety_unit unit;
};

static void pair_open(struct pair *pair, const char *before, const char *after)
{
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-types", &pair->dir));
	pair->pre = compile(pair->dir, "pre", before);
	pair->post = compile(pair->dir, "post", after);
	ck_assert_ok(elf_object_open(pair->pre, &pair->orig));
	ck_assert_ok(elf_object_open(pair->post, &pair->patched));
	ck_assert_ok(diff_new(pair->orig, pair->patched, &pair->diff));
	pair->unit = (struct safety_unit){.file = "a.c",
					  .pre = pair->pre,
					  .post = pair->post,
					  .orig = pair->orig,
					  .patched = pair->patched,
					  .diff = pair->diff};
}

static void pair_close(struct pair *pair)
{
	diff_free(pair->diff);
	elf_object_free(pair->orig);
	elf_object_free(pair->patched);
	free(pair->pre);
	free(pair->post);
	dir_temp_cleanup(&pair->dir);
}

#define scope_pair __attribute__((cleanup(pair_close))) struct pair

/* Collects all findings on types, prototypes and code. */
static inline void check(const char *before, const char *after, struct finding_vec *findings)
{
	scope_pair pair = {};
	scope_safety_types types = safety_types_new();

	pair_open(&pair, before, after);
	ck_assert_ok(safety_types_add(types, &pair.unit, findings));
	safety_types_check(types, findings);
}

/* Checks that there is one finding, on that type or function, and that it contains the text. */
static inline void one(const char *before, const char *after, const char *rule,
		       enum severity severity, const char *where, const char *text)
{
	scope_findings findings = {};
	scope_free char *is = NULL;

	check(before, after, &findings);
	ck_assert_msg(findings.len == 1, "%zu findings, not one: %s", findings.len,
		      findings.len ? findings.data[1].message : "none");
	ck_assert_str_eq(findings.data[0].rule, rule);
	ck_assert_msg(findings.data[0].severity == severity, "%s",
		      severity_name(findings.data[0].severity));
	is = finding_where(&findings.data[0]);
	ck_assert_str_eq(is, where);
	ck_assert_msg(strstr(findings.data[0].message, text) != NULL, "%s",
		      findings.data[0].message);
}

static inline void none(const char *before, const char *after)
{
	scope_findings findings = {};

	check(before, after, &findings);
	ck_assert_msg(!findings.len, "%s", findings.len ? findings.data[0].message : "");
}

#endif
