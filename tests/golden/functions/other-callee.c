/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function calls another function of the same type: only a relocation changes.
 *
 * @changed first
 * @unchanged second, helper_a, helper_b
 * @contains-before reloc .text.helper_a .text.first
 * @contains-after reloc .text.helper_b .text.first
 * @bytes same .text.first
 * @part-contains symbol helper_b UND
 */
#include "kernel.h"

static noinline int helper_a(int a)
{
	return external(a + 1);
}

static noinline int helper_b(int a)
{
	return external(a + 2);
}

#ifdef PATCHED
#define HELPER helper_b
#else
#define HELPER helper_a
#endif

int first(int a)
{
	return HELPER(a) + 1;
}

int second(int a)
{
	return helper_a(a) + helper_b(a);
}
