/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An inline function changes: all that contain it do, none else.
 *
 * @changed first, second
 * @unchanged third
 * @lacks symbol helper
 * @bytes differ .text.first .text.second
 * @bytes same .text.third
 */
#include "kernel.h"

static inline int helper(int a)
{
#ifdef PATCHED
	if (a > 100)
		return -34;
#endif
	return external(a * 2) + a;
}

int first(int a)
{
	return helper(a) + 1;
}

int second(int a)
{
	return helper(a) * 3;
}

int third(int a)
{
	return external(a + 3);
}
