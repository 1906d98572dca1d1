/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of strings, whose strings move because of another function's new string.
 *
 * @changed first
 * @unchanged second
 * @contains symbol names .rodata.names 24
 * @contains reloc .rodata.str1.1 .rodata.names
 * @contains reloc .rodata.names .text.second
 * @relocs differ .rodata.names
 * @flags -fno-data-sections
 */
#include "kernel.h"

static const char *const names[] __section(".rodata.names") = {"alpha", "beta", "gamma"};

int first(int a)
{
#ifdef PATCHED
	printk("beta");
	printk("nothing");
#endif
	return external(a);
}

int second(unsigned a)
{
	return printk(names[a % 3]) + a;
}
