/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two clones of one function exchange their numbers: each caller still calls the same code.
 *
 * @unchanged first, second, helper.constprop
 * @contains symbol helper.constprop.0
 * @contains symbol helper.constprop.1
 * @relocs differ .text.first .text.second
 * @bytes same .text.first .text.second
 */
#include "kernel.h"

#ifdef PATCHED
#define number(a, b) #b
#else
#define number(a, b) #a
#endif
#define clone(name, kind, a, b)                                                                    \
	static int name(int) asm("helper." kind "." number(a, b));                                 \
	static __attribute__((__noipa__)) __section(".text.helper." kind "." number(a, b)) int     \
	name(int argument)

clone(one, "constprop", 0, 1)
{
	return external(argument + 1);
}

clone(two, "constprop", 1, 0)
{
	return external(argument * 5) + argument;
}

int first(int a)
{
	return one(a) + 1;
}

int second(int a)
{
	return two(a) + 2;
}
