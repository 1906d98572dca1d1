/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests objects that are compiled differently from the kernel: which functions of the kernel their
 * functions correspond to, and what becomes of those that correspond to none.
 */
#include "base/alloc.h"
#include "diff/diff.h"
#include "elf/elf.h"
#include "unit.h"

/*
 * A traceable function: possibly a call, and then a byte that makes its code different from others.
 */
struct code {
	const char *name, *callee;
	uint8_t value;
};

static struct elf_object *make_object(const char *name, const struct code *codes, size_t count)
{
	struct elf_object *obj = elf_object_new(name);
	struct elf_symbol *fentry = elf_add_symbol(
		obj, "__fentry__", ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0);

	for (size_t i = 0; i < count; i++) {
		uint8_t bytes[16] = {0xe8, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0xb8, codes[i].value};
		scope_free char *section_name = xasprintf(".text.%s", codes[i].name);
		struct elf_section *section = elf_add_section(obj, section_name, SHT_PROGBITS,
							      SHF_ALLOC | SHF_EXECINSTR, 16);

		if (!codes[i].callee)
			bytes[5] = 0xb9; /* mov $…,%ecx */
		elf_section_append(obj, section, bytes, sizeof(bytes), 16);
		elf_add_symbol(obj, codes[i].name, ELF64_ST_INFO(STB_LOCAL, STT_FUNC), section, 0,
			       sizeof(bytes));
	}
	for (size_t i = 0; i < count; i++) {
		scope_free char *section_name = xasprintf(".text.%s", codes[i].name);
		struct elf_section *section = elf_find_section(obj, section_name);

		vec_push(&section->relas, (struct elf_rela){1, R_X86_64_PLT32, fentry, -4});
		if (codes[i].callee)
			vec_push(&section->relas,
				 (struct elf_rela){6, R_X86_64_PLT32,
						   elf_find_symbol(obj, codes[i].callee), -4});
	}
	return obj;
}

#define OBJECT(name, ...)                                                                          \
	make_object(name, (const struct code[]){__VA_ARGS__},                                      \
		    sizeof((const struct code[]){__VA_ARGS__}) / sizeof(struct code))

/* Returns what the diff says about a function: "changed", …, or "none". */
static const char *change_of(const struct diff *diff, const char *name)
{
	size_t count;
	const struct diff_item *items = diff_items(diff, &count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(items[i].name, name))
			return diff_change_name(items[i].change);
	return "none";
}

static bool has_counterpart(void *bridge, const struct elf_symbol *orig)
{
	return diff_counterpart(bridge, orig);
}

START_TEST(a_clone_must_have_the_same_code)
{
	scope_elf shipped = OBJECT("shipped", {"same.isra.0", NULL, 1}, {"other.isra.0", NULL, 1},
				   {"plain", NULL, 1}, {"user", "plain", 1});
	scope_elf orig = OBJECT("orig", {"same.isra.0", NULL, 1}, {"other.isra.0", NULL, 2},
				{"plain", NULL, 2}, {"user", "plain", 1}, {"lone", NULL, 1});
	scope_diff bridge = NULL;

	ck_assert_ok(diff_new(shipped, orig, &bridge));
	ck_assert_ptr_eq(diff_counterpart(bridge, elf_find_symbol(orig, "same.isra.0")),
			 elf_find_symbol(shipped, "same.isra.0"));
	ck_assert_ptr_null(diff_counterpart(bridge, elf_find_symbol(orig, "other.isra.0")));
	ck_assert_ptr_eq(diff_counterpart(bridge, elf_find_symbol(orig, "plain")),
			 elf_find_symbol(shipped, "plain"));
	ck_assert_ptr_eq(diff_counterpart(bridge, elf_find_symbol(orig, "user")),
			 elf_find_symbol(shipped, "user"));
	ck_assert_ptr_null(diff_counterpart(bridge, elf_find_symbol(orig, "lone")));
}
END_TEST

START_TEST(who_calls_what_the_kernel_lacks_changes_with_it)
{
	/* In the kernel, lone and deep are inlined into their callers. */
	scope_elf shipped =
		OBJECT("shipped", {"user", NULL, 7}, {"far", NULL, 7}, {"bystander", NULL, 1});
	scope_elf orig = OBJECT("orig", {"deep", NULL, 1}, {"lone", "deep", 1}, {"user", "lone", 1},
				{"far", "lone", 2}, {"bystander", NULL, 1});
	scope_elf patched = OBJECT("patched", {"deep", NULL, 9}, {"lone", "deep", 1},
				   {"user", "lone", 1}, {"far", "lone", 2}, {"bystander", NULL, 1});
	scope_diff bridge = NULL;
	scope_diff diff = NULL;
	scope_diff_part part = NULL;

	ck_assert_ok(diff_new(shipped, orig, &bridge));
	ck_assert_ok(diff_new(orig, patched, &diff));
	ck_assert_str_eq(change_of(diff, "user"), "unchanged");
	diff_detach(diff, has_counterpart, bridge);
	ck_assert_str_eq(change_of(diff, "deep"), "new");
	ck_assert_str_eq(change_of(diff, "lone"), "new");
	ck_assert_str_eq(change_of(diff, "user"), "changed");
	ck_assert_str_eq(change_of(diff, "far"), "changed");
	ck_assert_str_eq(change_of(diff, "bystander"), "unchanged");

	ck_assert_ok(diff_select(diff, &(struct diff_select_options){}, &part));
	ck_assert_uint_eq(part->replacements.len, 2);
	ck_assert_uint_eq(part->externals.len, 1); /* only __fentry__ is left */
	ck_assert_uint_eq(part->new_functions.len, 2);
}
END_TEST

START_TEST(what_did_not_change_is_carried_only_where_it_is_called)
{
	scope_elf shipped = OBJECT("shipped", {"a", NULL, 1}, {"b", NULL, 1});
	scope_elf orig = OBJECT("orig", {"lone", NULL, 3}, {"a", "lone", 1}, {"b", "lone", 2});
	scope_elf patched =
		OBJECT("patched", {"lone", NULL, 3}, {"a", "lone", 5}, {"b", "lone", 2});
	scope_diff bridge = NULL;
	scope_diff diff = NULL;
	scope_diff_part part = NULL;

	ck_assert_ok(diff_new(shipped, orig, &bridge));
	ck_assert_ok(diff_new(orig, patched, &diff));
	diff_detach(diff, has_counterpart, bridge);
	ck_assert_str_eq(change_of(diff, "a"), "changed");
	ck_assert_str_eq(change_of(diff, "b"), "unchanged");
	ck_assert_ok(diff_select(diff, &(struct diff_select_options){}, &part));
	ck_assert_uint_eq(part->replacements.len, 1);
	ck_assert_uint_eq(part->new_functions.len, 1);
	ck_assert_str_eq(part->new_functions.data[0], "lone");
}
END_TEST

UNIT_SUITE("diff_detach", a_clone_must_have_the_same_code,
	   who_calls_what_the_kernel_lacks_changes_with_it,
	   what_did_not_change_is_carried_only_where_it_is_called)
