/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A string changes, at the same length: only the string section's bytes do.
 *
 * @changed first
 * @unchanged second
 * @contains section .rodata.first.str1.1
 * @contains reloc .rodata.first.str1.1 .text.first
 * @bytes same .text.first .text.second
 * @relocs same .text.first
 * @bytes differ .rodata.first.str1.1
 * @part-contains section .rodata.first.str1.1 8
 * @part-contains reloc .rodata.first.str1.1 .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define WORD "patched"
#else
#define WORD "initial"
#endif

int first(int a)
{
	return printk(WORD) + a;
}

int second(int a)
{
	return printk("second") + a;
}
