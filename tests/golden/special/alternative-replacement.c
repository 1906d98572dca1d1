/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the replacement's bytes change; neither the text nor the entry does.
 *
 * @changed second
 * @unchanged first
 * @bytes same .text.first .text.second .altinstructions
 * @relocs same .altinstructions
 * @bytes differ .altinstr_replacement
 * @contains section .altinstructions 24
 */
#include "kernel.h"

#ifdef PATCHED
#define FENCE "mfence"
#else
#define FENCE "lfence"
#endif

int first(int a)
{
	asm volatile(ALTERNATIVE("", "stac", 9 * 32 + 20) ::: "memory");
	return external(a);
}

int second(int a)
{
	asm volatile(ALTERNATIVE("", FENCE, 3 * 32 + 18) ::: "memory");
	return external(a);
}
