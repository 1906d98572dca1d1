/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function leaves .init.text and is called later: its old code is no longer in memory.
 *
 * @any first
 * @changed caller
 * @contains-before symbol first .init.text
 * @contains-after symbol first .text.first
 * @contains-after reloc .text.first .text.caller
 * @part-contains symbol first .text*
 * @part-lacks symbol first UND
 */
#include "kernel.h"

#ifdef PATCHED
static noinline int first(int a)
#else
static noinline __used __section(".init.text") int first(int a)
#endif
{
	return external(a) + 4;
}

int caller(int a)
{
#ifdef PATCHED
	if (a)
		return first(a) * 2;
#endif
	return external(a + 1);
}
