/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function gets a static local of its own beside one that it had.
 *
 * @changed first
 * @unchanged second
 * @data new extra
 * @contains symbol count.* .bss*
 * @lacks-before symbol extra.*
 * @contains-after symbol extra.* .bss*
 * @contains-after reloc .bss.extra.* .text.first
 * @part-contains symbol count.1 UND
 * @part-contains symbol extra.* .bss.extra.* 4
 */
#include "kernel.h"

int first(int a)
{
	static int count;
#ifdef PATCHED
	static int extra;

	if (++extra > 3)
		return -1;
#endif
	return a + ++count;
}

int second(int a)
{
	static int count;

	return a * ++count;
}
