/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function is no longer inlined: it is new, its callers change.
 *
 * @changed caller
 * @new helper
 * @lacks-before symbol helper
 * @contains-after symbol helper .text.helper
 */
#include "kernel.h"

#ifdef PATCHED
static noinline
#else
static inline
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
