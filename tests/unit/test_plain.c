/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers that spell in plain C what a live patch cannot carry. */
#include <stdbool.h>

#include "unit.h"

/* This is the structure of include/linux/jump_label.h. */
struct static_key {
	struct {
		int counter;
	} enabled;
};

#undef __always_inline
#define __always_inline inline

#include "klp/plain/asm/jump_label.h"

/* These are the macros of include/linux/jump_label.h, for a key that is initially false or true. */
#define likely_false(key) (!arch_static_branch_jump(key, true))
#define likely_true(key) (!arch_static_branch(key, true))
#define unlikely_false(key) arch_static_branch(key, false)
#define unlikely_true(key) arch_static_branch_jump(key, false)

START_TEST(a_static_branch_goes_by_its_key)
{
	static const struct {
		int counter;
		bool enabled;
	} cases[] = {{0, false},
		     {1, true},
		     {7, true},
		     {-1, true} /* -1 means that the key is being enabled */};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct static_key key = {{cases[i].counter}};

		ck_assert_int_eq(likely_false(&key), cases[i].enabled);
		ck_assert_int_eq(likely_true(&key), cases[i].enabled);
		ck_assert_int_eq(unlikely_false(&key), cases[i].enabled);
		ck_assert_int_eq(unlikely_true(&key), cases[i].enabled);
	}
}
END_TEST

UNIT_SUITE("plain", a_static_branch_goes_by_its_key)
