/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new function in front has a static local of the same name: the old ones get other numbers.
 *
 * @new added
 * @data new count
 * @unchanged first, second
 * @contains symbol count.1 .bss*
 * @lacks-before symbol count.2
 * @contains-after symbol count.2 .bss*
 * @contains reloc .bss.count.* .text.first
 * @part-lacks symbol first
 */
#include "kernel.h"

#ifdef PATCHED
int added(int a)
{
	static int count;

	return a - ++count;
}
#endif

int first(int a)
{
	static int count;

	return a + ++count;
}

int second(int a)
{
	static int count;

	return a * ++count;
}
