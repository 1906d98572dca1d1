/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the CPU feature in the alternative's entry changes.
 *
 * @changed first
 * @unchanged second
 * @contains section .altinstructions 24
 * @contains section .altinstr_replacement
 * @contains reloc .altinstr_replacement .altinstructions
 * @bytes same .text.first .altinstr_replacement
 * @relocs same .altinstructions
 * @bytes differ .altinstructions
 * @part-contains section .altinstructions 12
 * @part-contains section .altinstr_replacement 3
 * @part-contains reloc .altinstr_replacement .altinstructions
 * @part-contains reloc first .altinstructions
 */
#include "kernel.h"

#ifdef PATCHED
#define FEATURE (7 * 32 + 5)
#else
#define FEATURE (9 * 32 + 20)
#endif

int first(int a)
{
	asm volatile(ALTERNATIVE("", "stac", FEATURE) ::: "memory");
	return external(a);
}

int second(int a)
{
	asm volatile(ALTERNATIVE("", "clac", 9 * 32 + 20) ::: "memory");
	return external(a);
}
