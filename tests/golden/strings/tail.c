/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * References into a string: same address in front, another one behind.
 *
 * @changed second
 * @unchanged first
 * @contains reloc .LC0 .text.first
 * @contains reloc .LC0 .text.second
 * @bytes same .text.first .text.second .rodata.first.str1.1
 * @relocs differ .text.second
 */
#include "kernel.h"

#ifdef PATCHED
#define SKIP 2
#else
#define SKIP 1
#endif

static const char *skip(const char *string, int count)
{
	return string + count;
}

int first(int a)
{
	return printk(skip("\0016message %d", 2), a);
}

int second(int a)
{
	return printk(skip("\0016message %d", SKIP), a + 1);
}
