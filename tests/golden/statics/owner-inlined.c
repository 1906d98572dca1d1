/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function with a static local is inlined, so that its caller refers to the variable.
 *
 * @changed caller
 * @removed helper
 * @contains symbol count.0 .bss.count.0
 * @contains-before symbol helper .text.helper
 * @lacks-after symbol helper
 * @lacks-before reloc .bss.count.0 .text.caller
 * @contains-after reloc .bss.count.0 .text.caller
 * @part-contains symbol count.0 UND
 */
#include "kernel.h"

#ifdef PATCHED
static inline
#else
static noinline
#endif
	int
	helper(int a)
{
	static int count;

	return external(a + ++count);
}

int caller(int a)
{
	return helper(a) + 1;
}
