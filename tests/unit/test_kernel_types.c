/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types of a unit against the kernel's BTF, written here with libbpf. */
#include <bpf/btf.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "safety/kernel_types.h"
#include "safety/types.h"
#include "unit.h"

/*
 * Makes types for struct s { int a; union { int b; long c; }; }, enum e { A, B = 7 }, and another
 * struct s.
 */
static struct kernel_types *make_kernel(void)
{
	struct btf *btf = btf__new_empty();
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int longer = btf__add_int(btf, "long int", 8, BTF_INT_SIGNED);
	int choice = btf__add_union(btf, NULL, 8);
	struct kernel_types *types;
	uint32_t size;

	btf__add_field(btf, "b", number, 0, 0);
	btf__add_field(btf, "c", longer, 0, 0);
	btf__add_struct(btf, "s", 16);
	btf__add_field(btf, "a", number, 0, 0);
	btf__add_field(btf, NULL, choice, 64, 0);
	btf__add_enum(btf, "e", 4);
	btf__add_enum_value(btf, "A", 0);
	btf__add_enum_value(btf, "B", 7);
	btf__add_struct(btf, "s", 4);
	btf__add_field(btf, "other", number, 0, 0);

	const void *raw = btf__raw_data(btf, &size);

	ck_assert_ok(kernel_types_new("test", (struct bytes){raw, size}, NULL, &types));
	btf__free(btf);
	return types;
}

static struct type make_type(enum type_kind kind, char *tag, uint64_t size,
			     struct type_member *members, size_t count)
{
	return (struct type){.kind = kind,
			     .tag = tag,
			     .size = size,
			     .members = {.data = members, .len = count, .cap = count}};
}

START_TEST(one_of_that_name_is_the_same)
{
	struct kernel_types *kernel = make_kernel();
	struct type_member members[] = {{"a", 0, 32}, {"b", 64, 32}, {"c", 64, 64}};
	struct type type = make_type(TYPE_STRUCT, "s", 16, members, 3);
	bool same;

	ck_assert_uint_eq(kernel_types_match(kernel, &type, &same), 2);
	ck_assert(same);
	type.size = 24;
	ck_assert_uint_eq(kernel_types_match(kernel, &type, &same), 2);
	ck_assert(!same);
	type.size = 16;
	members[2].at = 32;
	kernel_types_match(kernel, &type, &same);
	ck_assert(!same);
	members[2].at = 64;
	type.members.len = 2;
	kernel_types_match(kernel, &type, &same);
	ck_assert(!same);
	type.kind = TYPE_UNION;
	ck_assert_uint_eq(kernel_types_match(kernel, &type, &same), 0);
	kernel_types_free(kernel);
}
END_TEST

START_TEST(constants_have_to_have_the_same_values)
{
	struct kernel_types *kernel = make_kernel();
	struct type_member members[] = {{"A", 0, 0, true}, {"B", 7, 0, true}};
	struct type type = make_type(TYPE_ENUM, "e", 4, members, 2);
	bool same;

	ck_assert_uint_eq(kernel_types_match(kernel, &type, &same), 1);
	ck_assert(same);
	members[1].at = 1;
	kernel_types_match(kernel, &type, &same);
	ck_assert(!same);
	type.tag = "none";
	ck_assert_uint_eq(kernel_types_match(kernel, &type, &same), 0);
	kernel_types_free(kernel);
}
END_TEST

START_TEST(bytes_that_are_no_btf_are_an_error)
{
	struct kernel_types *types;

	ck_assert_fails(kernel_types_new("noise",
					 (struct bytes){(const uint8_t *)"\xeb\x9f nonsense", 12},
					 NULL, &types),
			"noise: its BTF cannot be read");
}
END_TEST

UNIT_SUITE("kernel types", one_of_that_name_is_the_same, constants_have_to_have_the_same_values,
	   bytes_that_are_no_btf_are_an_error)
