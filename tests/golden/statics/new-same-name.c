/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A block with a static local is added in front of one with a static local of the same name.
 *
 * @changed first
 * @data any count, count, count
 * @finding static-local-ambiguous
 * @contains symbol count.0 .bss*
 * @lacks-before symbol count.1
 * @contains-after symbol count.1 .bss*
 * @contains reloc .bss.count.* .text.first
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	if (a < 0) {
		static int count;

		return external(++count);
	}
#endif
	{
		static int count;

		a += ++count;
	}
	return a;
}
