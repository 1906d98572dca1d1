/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two versions of a unit, and what the rules on types and code find between them. */
#ifndef SUTURE_TESTS_TYPES_UNIT_H
#define SUTURE_TESTS_TYPES_UNIT_H

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/tempdir.h"
#include "safety/safety.h"
#include "unit.h"

#define UNIT_COMPILER "gcc"
#define UNIT_FLAGS "-g", "-O1", "-ffunction-sections", "-fdata-sections", "-w"

/*
 * Returns where the object of a text is kept, beside the test programs: named by what it is made
 * from, which is the text, the flags and the compiler; free().
 */
static char *kept_object(const char *text)
{
	static const char *const flags[] = {UNIT_FLAGS};
	scope_free char *compiler = proc_find(UNIT_COMPILER);
	scope_free char *self = realpath("/proc/self/exe", NULL);
	scope_free char *beside = path_parent(self);
	scope_free char *kept = xasprintf("%s/kept", beside);
	XXH3_state_t *state = XXH3_createState();
	struct stat st = {};

	ck_assert(compiler && !stat(compiler, &st));
	ck_assert_ok(dir_make(kept));
	XXH3_64bits_reset(state);
	XXH3_64bits_update(state, &st.st_mtim, sizeof(st.st_mtim));
	XXH3_64bits_update(state, &st.st_size, sizeof(st.st_size));
	for (size_t i = 0; i < array_size(flags); i++)
		XXH3_64bits_update(state, flags[i], strlen(flags[i]) + 1);
	XXH3_64bits_update(state, text, strlen(text));

	char *object =
		xasprintf("%s/%016llx.o", kept, (unsigned long long)XXH3_64bits_digest(state));

	XXH3_freeState(state);
	return object;
}

/* Returns the object of a text, compiled unless it is kept; free(), and do not write to it. */
static char *compile(const char *dir, const char *text)
{
	char *object = kept_object(text);
	scope_free char *source = xasprintf("%s/source/a.c", dir);
	scope_free char *folder = xasprintf("%s/source", dir);
	scope_free char *made = xasprintf("%s/made.o", dir);
	scope_free char *map = xasprintf("-ffile-prefix-map=%s=/unit", dir);
	const char *const argv[] = {UNIT_COMPILER, UNIT_FLAGS, map, "-c", "-o", made, source, NULL};
	scope_strbuf output = STRBUF_INIT;
	int status;

	if (file_exists(object))
		return object;
	ck_assert_ok(dir_make(folder));
	ck_assert_ok(file_write_scratch(source, text, strlen(text)));
	ck_assert_ok(proc_run(&(struct proc_spec){.argv = argv}, &status, &output));
	ck_assert_msg(!status, "%s", output.buf);

	scope_file_map map_of_made = {};

	ck_assert_ok(file_map(made, &map_of_made));
	ck_assert_ok(file_write(object, map_of_made.bytes.data, map_of_made.bytes.size));
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
	pair->pre = compile(pair->dir, before);
	pair->post = compile(pair->dir, after);
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
