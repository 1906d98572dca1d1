/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function with a second name changes; whoever calls it by that name does not.
 *
 * @changed first
 * @any first_alias
 * @unchanged caller
 * @contains symbol first .text.first
 * @contains symbol first_alias .text.first
 * @contains reloc first_alias .text.caller
 * @bytes same .text.caller
 */
#include "kernel.h"

noinline int first(int a)
{
#ifdef PATCHED
	a++;
#endif
	return external(a);
}

int first_alias(int a) __attribute__((alias("first")));

int caller(int a)
{
	return first_alias(a) + 1;
}
