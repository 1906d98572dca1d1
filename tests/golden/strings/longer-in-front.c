/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All strings of a unit share one section; a longer one in front moves the others.
 *
 * @flags -fno-data-sections
 * @changed first
 * @unchanged second
 * @contains section .rodata.str1.1
 * @contains reloc .rodata.str1.1 .text.second
 * @bytes same .text.first .text.second
 * @relocs differ .text.second
 * @part-contains section .rodata.str1.1 13
 */
#include "kernel.h"

#ifdef PATCHED
#define WORD "a longer one"
#else
#define WORD "one"
#endif

int first(int a)
{
	return printk(WORD) + a;
}

int second(int a)
{
	return printk("second") + a;
}
