/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit without a section per function: code, constants and strings are reached by offsets.
 *
 * @flags -fno-function-sections -fno-data-sections
 * @changed first
 * @unchanged second, third
 * @contains symbol first .text
 * @contains symbol second .text
 * @contains symbol table .rodata
 * @contains symbol handlers .rodata
 * @contains reloc .text .rodata
 * @contains reloc .rodata .text
 * @contains reloc .rodata.str1.1 .text
 * @contains symbol first.cold .text.unlikely
 * @contains symbol second.cold .text.unlikely
 * @part-contains symbol first .text.first
 * @part-lacks symbol first.cold
 * @part-contains reloc .text.first .text.first
 * @part-lacks symbol table
 */
#include "kernel.h"

static const int table[] = {3, 1, 4, 1, 5};

int first(int a)
{
	if (a < 0)
		panic("first", a);
#ifdef PATCHED
	printk("patched");
#endif
	return printk("one") + a;
}

static int second(unsigned a)
{
	static int count;

	if (a == 77)
		panic("second", ++count);
	return printk("two") + table[a % 5] + count;
}

static int third(unsigned a)
{
	return second(a) + 1;
}

static int (*const handlers[])(unsigned) = {second, third};

int fourth(unsigned a)
{
	return handlers[a & 1](a) + 1;
}
