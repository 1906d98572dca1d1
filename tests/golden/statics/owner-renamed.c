/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function with a static local is renamed: the variable is still the only one of its name.
 *
 * @changed caller
 * @removed helper
 * @new assistant
 * @contains symbol count.0 .bss.count.0
 * @contains-before symbol helper .text.helper
 * @contains-after symbol assistant .text.assistant
 * @part-contains symbol count.0 UND
 */
#include "kernel.h"

#ifdef PATCHED
#define helper assistant
#endif

static noinline int helper(int a)
{
	static int count;

	return external(a + ++count);
}

int caller(int a)
{
	return helper(a) + 1;
}
