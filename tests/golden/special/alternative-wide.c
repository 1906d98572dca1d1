/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of 14 bytes, as since Linux 6.3: sizes come from the section, not from a constant.
 *
 * @flags -DALT_WIDE
 * @changed second
 * @unchanged first, third
 * @contains section .altinstructions 42
 * @bytes same .text.first .text.second .text.third .altinstr_replacement
 * @bytes differ .altinstructions
 * @part-contains section .altinstructions 14
 */
#include "kernel.h"

#ifdef PATCHED
#define FEATURE (0x10000 | (3 * 32 + 18))
#else
#define FEATURE (3 * 32 + 18)
#endif

int first(int a)
{
	asm volatile(ALTERNATIVE("", "stac", 9 * 32 + 20) ::: "memory");
	return external(a);
}

int second(int a)
{
	asm volatile(ALTERNATIVE("", "lfence", FEATURE) ::: "memory");
	return external(a);
}

int third(int a)
{
	asm volatile(ALTERNATIVE("", "clac", 9 * 32 + 20) ::: "memory");
	return external(a);
}
