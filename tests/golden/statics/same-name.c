/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two functions with a static local of the same name; one function changes.
 *
 * @changed first
 * @unchanged second
 * @contains symbol count.0 .bss*
 * @contains symbol count.1 .bss*
 * @contains reloc .bss.count.* .text.first
 * @bytes same .text.second
 * @part-contains symbol count.1 UND
 * @part-lacks section .bss*
 * @part-lacks symbol count.0
 */
#include "kernel.h"

int first(int a)
{
	static int count;

#ifdef PATCHED
	a++;
#endif
	return a + ++count;
}

int second(int a)
{
	static int count;

	return a + ++count;
}
