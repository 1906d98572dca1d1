/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static local that only the cold part of a function uses, beside another of that name.
 *
 * @changed first
 * @unchanged second
 * @contains symbol first.cold .text.unlikely.first
 * @contains reloc .bss.count.* .text.unlikely.first
 * @lacks reloc .bss.count.* .text.first
 * @contains symbol count.1 .bss*
 * @part-lacks symbol first.cold
 * @part-contains reloc count.* .text.first
 * @part-contains symbol count.* UND
 * @part-lacks section .bss*
 */
#include "kernel.h"

int first(int a)
{
	if (a < 0) {
		static int count;

		if (++count > 10)
			panic("first %d", count);
#ifdef PATCHED
		panic("second %d", a);
#else
		panic("third %d", a);
#endif
	}
	return external(a) + a;
}

int second(int a)
{
	static int count;

	return a * ++count;
}
