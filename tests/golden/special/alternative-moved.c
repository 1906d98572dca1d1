/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replacements are addressed by their offset; a new one in front moves the others.
 *
 * @changed first
 * @unchanged second
 * @contains-before section .altinstructions 12
 * @contains-after section .altinstructions 24
 * @bytes same .text.second
 * @relocs differ .altinstructions
 * @contains reloc .text.second .altinstructions
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	asm volatile(ALTERNATIVE("", "stac", 9 * 32 + 20) ::: "memory");
#endif
	return external(a);
}

int second(int a)
{
	asm volatile(ALTERNATIVE("", "clac", 9 * 32 + 20) ::: "memory");
	return external(a);
}
