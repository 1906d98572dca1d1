/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clones get other numbers, which are not part of their names.
 *
 * @unchanged caller, helper.isra, helper.constprop, helper.part
 * @contains-before symbol helper.isra.0 .text.helper.isra.0
 * @contains-after symbol helper.isra.2 .text.helper.isra.2
 * @contains-before symbol helper.constprop.1
 * @contains-after symbol helper.constprop.0
 * @contains-before symbol helper.part.3
 * @contains-after symbol helper.part.12
 * @contains-after reloc .text.helper.part.12 .text.caller
 * @bytes same .text.caller
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

clone(one, "isra", 0, 2)
{
	return external(argument + 1);
}

clone(two, "constprop", 1, 0)
{
	return external(argument + 2);
}

clone(three, "part", 3, 12)
{
	return external(argument + 3);
}

int caller(int a)
{
	return one(a) + two(a) + three(a);
}
