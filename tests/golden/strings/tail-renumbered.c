/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * References into a string go by a symbol of the compiler's, whose number changes.
 *
 * @changed first
 * @unchanged second
 * @contains-before reloc .LC0 .text.second
 * @contains-after reloc .LC1 .text.second
 * @contains symbol .LC* .rodata.*.str1.1
 * @bytes same .text.second
 */
#include "kernel.h"

static const char *skip(const char *string, int count)
{
	return string + count;
}

int first(int a)
{
#ifdef PATCHED
	printk("first");
#endif
	return external(a);
}

int second(int a)
{
	return printk(skip("\0016message %d", 2), a);
}
