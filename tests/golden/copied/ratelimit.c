/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rate limit's state and the function's name, in a changed and an unchanged function.
 *
 * @changed first
 * @unchanged second
 * @contains symbol _rs.* .data._rs.*
 * @contains symbol __func__.* .rodata.__func__.*
 * @contains reloc .data._rs.* .text.first
 * @contains reloc .data._rs.* .text.second
 * @part-contains symbol _rs.* .data._rs.*
 */
#include "kernel.h"

int first(int a)
{
	printk_ratelimited("first %d\n", a);
#ifdef PATCHED
	a = -a;
#endif
	return external(a);
}

int second(int a)
{
	printk_ratelimited("second %d\n", a);
	return a;
}
