/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the report says about a function: its line, its size, what it calls. */
#include <string.h>

#include "safety/facts.h"
#include "types_unit.h"

/* A function's cold part counts for its size and for what it calls. */
START_TEST(facts_include_the_cold_part)
{
	scope_pair pair = {};
	scope_findings findings = {};
	scope_safety_types types = safety_types_new();
	const struct elf_symbol *cold;
	const struct diff_item *items, *item = NULL;
	size_t count;
	struct function_facts facts;

	pair_open(&pair, "int g(int); int f(int x) { return g(x) + 1; }",
		  "int g(int), h(int), bad(int);\n"
		  "static __attribute__((noinline)) int part(int x) __asm__(\"f.cold\");\n"
		  "static int part(int x) { h(x); return bad(x + 2) + 3; }\n"
		  "int f(int x) { return x ? part(x) * 3 : g(x) + 1; }");
	cold = elf_find_symbol(pair.patched, "f.cold");
	ck_assert_ptr_nonnull(cold);
	ck_assert_ok(safety_types_add(types, &pair.unit, &findings));
	items = diff_items(pair.diff, &count);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(items[i].name, "f"))
			item = &items[i];
	ck_assert_ptr_nonnull(item);
	safety_function_facts(types, &pair.unit, item, &facts);
	ck_assert_uint_eq(facts.size_after, elf_find_symbol(pair.patched, "f")->size + cold->size);
	ck_assert_uint_eq(facts.calls_new.len, 2);
	ck_assert_str_eq(facts.calls_new.data[0], "bad");
	ck_assert_str_eq(facts.calls_new.data[1], "h");
	function_facts_free(&facts);
}
END_TEST

/* The copies and parts that gcc makes of a function are known by its name. */
START_TEST(arguments_of_parts_and_copies_are_in_registers)
{
	static const struct {
		const char *name;
		bool wanted;
	} cases[] = {{"f", true},
		     {"f.part.0", true},
		     {"f.constprop.1.part.0", true},
		     {"f.isra.0", false},
		     {"f.part.0.isra.0", false},
		     {"f.cold", false},
		     {"f.particular", false},
		     {"g.part.0", false},
		     {"fg", false}};
	scope_pair pair = {};
	scope_findings findings = {};
	scope_safety_types types = safety_types_new();

	pair_open(&pair,
		  "int f(int a, long b) { return a; }\n"
		  "int g(int a, int b, int c, int d, int e, int i, int j) { return a; }",
		  "int f(int a, long b) { return b; }\n"
		  "int g(int a, int b, int c, int d, int e, int i, int j) { return b; }");
	ck_assert_ok(safety_types_add(types, &pair.unit, &findings));
	for (size_t i = 0; i < array_size(cases); i++)
		ck_assert_msg(safety_uses_registers_only(types, "a.c", cases[i].name) ==
				      cases[i].wanted,
			      "%s", cases[i].name);
}
END_TEST

START_TEST(facts_on_a_function)
{
	scope_pair pair = {};
	scope_findings findings = {};
	scope_safety_types types = safety_types_new();
	size_t count;
	struct function_facts facts;

	pair_open(&pair, "int g(int), h(int);\nint f(int x) { return g(x) + 1; }",
		  "int g(int), h(int);\nstatic inline int in(int x) { return h(x) * 3; }\n"
		  "int f(int x) { return in(x) + 1; }");
	ck_assert_ok(safety_types_add(types, &pair.unit, &findings));
	safety_function_facts(types, &pair.unit, &diff_items(pair.diff, &count)[0], &facts);
	ck_assert_uint_eq(facts.line, 3);
	ck_assert_uint_gt(facts.size_after, facts.size_before);
	ck_assert_uint_eq(facts.calls_new.len, 1);
	ck_assert_str_eq(facts.calls_new.data[0], "h");
	ck_assert_uint_eq(facts.calls_gone.len, 1);
	ck_assert_str_eq(facts.calls_gone.data[0], "g");
	ck_assert_uint_eq(facts.inlined_new.len, 1);
	ck_assert_str_eq(facts.inlined_new.data[0], "in");
	function_facts_free(&facts);
}
END_TEST

/*
 * The glue of a live patch reads these from their sections; they are not state that could be lost.
 */
START_TEST(callbacks_of_the_patch_are_not_new_state)
{
	scope_pair pair = {};
	scope_findings findings = {};

	pair_open(&pair, "int f(int x) { return x; }",
		  "static int hook(void *object) { return !object; }\n"
		  "static int (*__suture_callback_pre_patch)(void *)\n"
		  "	__attribute__((used, section(\".suture.callback.pre_patch\"))) = hook;\n"
		  "static struct { unsigned long id, version; } __suture_state_1\n"
		  "	__attribute__((used, section(\".suture.callback.states\"))) = {1, 2};\n"
		  "static int counter; int f(int x) { return x + counter++; }");
	safety_check_diff(pair.diff, "a.c", &findings);

	unsigned states = 0;

	vec_foreach(&findings, it) {
		if (strcmp(it->rule, "new-state") != 0)
			continue;
		ck_assert_str_eq(it->symbol, "counter");
		states++;
	}
	ck_assert_uint_eq(states, 1);
}
END_TEST

UNIT_SUITE("facts", facts_on_a_function, arguments_of_parts_and_copies_are_in_registers,
	   facts_include_the_cold_part, callbacks_of_the_patch_are_not_new_state)
