/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which differences of compiler flags take protections from code. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "pair/protection.h"
#include "unit.h"

/* The flags of a file in 6.1.0-57-amd64, and a few of 7.3. */
#define BASE                                                                                       \
	"gcc-12 -nostdinc -DKBUILD_BASENAME='\"x\"' -fno-strict-aliasing -mno-sse -mno-avx "       \
	"-fcf-protection=branch -m64 -mtune=generic -mno-red-zone -mcmodel=kernel "                \
	"-mindirect-branch=thunk-extern -mindirect-branch-register "                               \
	"-mfunction-return=thunk-extern -fno-jump-tables -mharden-sls=all -O2 "                    \
	"-fstack-protector-strong -ftrivial-auto-var-init=zero -pg -mrecord-mcount -mfentry "      \
	"-fsanitize=shift -fno-builtin-wcslen -fno-builtin-wcslen "

static void check_lost(const char *before, const char *after, const char *expected)
{
	scope_free char *lost = protection_lost(before, after);

	ck_assert_str_eq(lost ? lost : "nothing", expected);
}

START_TEST(later_flags_take_protections)
{
	static const char *const flags[][2] = {
		{"-mindirect-branch=keep",
		 "-mindirect-branch=thunk-extern (now -mindirect-branch=keep)"},
		{"-mfunction-return=keep",
		 "-mfunction-return=thunk-extern (now -mfunction-return=keep)"},
		{"-mno-indirect-branch-register",
		 "-mindirect-branch-register (now -mno-indirect-branch-register)"},
		{"-fcf-protection=none", "-fcf-protection=branch (now -fcf-protection=none)"},
		{"-fno-stack-protector", "-fstack-protector-strong (now -fno-stack-protector)"},
		{"-fstack-protector", "-fstack-protector-strong (now -fstack-protector)"},
		{"-msse", "-mno-sse (now -msse)"},
		{"-msse2", "-msse2 (new)"},
		{"-mavx2", "-mavx2 (new)"},
		{"-mred-zone", "-mno-red-zone (now -mred-zone)"},
		{"-mcmodel=small", "-mcmodel=kernel (now -mcmodel=small)"},
		{"-mregparm=3", "-mregparm=3 (new)"},
		{"-mharden-sls=none", "-mharden-sls=all (now -mharden-sls=none)"},
		{"-fstrict-aliasing", "-fno-strict-aliasing (now -fstrict-aliasing)"},
		{"-fjump-tables", "-fno-jump-tables (now -fjump-tables)"},
	};

	for (size_t i = 0; i < array_size(flags); i++) {
		scope_free char *after = xasprintf(BASE "%s", flags[i][0]);
		scope_free char *overridden = protection_overridden(after);

		check_lost(BASE, after, flags[i][1]);
		/* A new file has only its own command. */
		if (strstr(flags[i][1], "(now"))
			ck_assert_str_eq(overridden, flags[i][1]);
	}
}
END_TEST

START_TEST(missing_flags_take_protections)
{
	static const char *const flags[] = {
		"-mindirect-branch=thunk-extern",
		"-mfunction-return=thunk-extern",
		"-fstack-protector-strong",
		"-ftrivial-auto-var-init=zero",
		"-mno-red-zone",
		"-fsanitize=shift",
		"-mno-avx",
		"-fcf-protection=branch",
	};

	for (size_t i = 0; i < array_size(flags); i++) {
		const char *at = strstr(BASE, flags[i]);
		scope_free char *after =
			xasprintf("%.*s%s", (int)(at - BASE), BASE, at + strlen(flags[i]));

		check_lost(BASE, after, flags[i]);
	}
}
END_TEST

START_TEST(other_flags_do_not_count)
{
	static const char *const flags[] = {"-DDEBUG",
					    "-Wno-unused",
					    "-fno-builtin",
					    "-O1",
					    "-mtune=native",
					    "-std=gnu11",
					    "-fno-tree-vectorize",
					    "-mno-sse",
					    "-fstack-protector-strong"};
	scope_free char *overridden = protection_overridden(BASE);

	for (size_t i = 0; i < array_size(flags); i++) {
		scope_free char *after = xasprintf(BASE "%s", flags[i]);

		check_lost(BASE, after, "nothing");
	}
	ck_assert_ptr_null(overridden);
	/* Functions may go without a place for tracers. */
	check_lost("gcc -pg -mrecord-mcount -mfentry", "gcc", "nothing");
	/* More protection is no loss. */
	check_lost("gcc -fcf-protection=none", "gcc -fcf-protection=branch", "nothing");
	check_lost("gcc -fno-stack-protector", "gcc -fstack-protector-strong", "nothing");
	check_lost("gcc -mindirect-branch=keep", "gcc -mindirect-branch=thunk-extern", "nothing");
}
END_TEST

UNIT_SUITE("pair_protection", later_flags_take_protections, missing_flags_take_protections,
	   other_flags_do_not_count)
