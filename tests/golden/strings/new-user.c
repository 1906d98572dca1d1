/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function uses a string that its neighbour has already, and loses one of its own.
 *
 * @changed second
 * @unchanged first
 * @contains-before section .rodata.second.str1.1
 * @lacks-after section .rodata.second.str1.1
 * @contains reloc .rodata.first.str1.1 .text.first
 * @bytes same .text.second .text.first
 * @part-contains section .rodata.first.str1.1 6
 */
#include "kernel.h"

#ifdef PATCHED
#define WORD "first"
#else
#define WORD "second"
#endif

int first(int a)
{
	return printk("first") + a;
}

int second(int a)
{
	return printk(WORD) + external(a);
}
