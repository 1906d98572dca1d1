/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function is inlined into its callers and does not exist any more.
 *
 * @changed caller, other
 * @removed helper
 * @contains-before symbol helper .text.helper
 * @lacks-after symbol helper
 * @bytes differ .text.caller .text.other
 */
#include "kernel.h"

#ifdef PATCHED
static __always_inline
#else
static noinline
#endif
	int
	helper(int a)
{
	barrier();
	return external(a * 2) + a;
}

int caller(int a)
{
	return helper(a) + 1;
}

int other(int a)
{
	return helper(a) - 1;
}
