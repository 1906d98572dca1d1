/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function changes whose alternative has no code and points at where the replacement for the
 * next function starts.  That one calls boot code, which the part must not drag in.
 *
 * @changed first
 * @unchanged second
 * @contains reloc boot_code .altinstr_replacement
 * @part-contains section .altinstructions
 * @part-lacks section .altinstr_replacement
 * @part-lacks symbol boot_code
 */
#include "kernel.h"

int boot_code(void);

int first(int a)
{
	asm volatile(ALTERNATIVE("call external", "", 9 * 32 + 9) : "+D"(a) : : "memory", "rax");
#ifdef PATCHED
	a ^= 3;
#endif
	return a;
}

int second(int a)
{
	asm volatile(ALTERNATIVE("call external", "call boot_code", 3 * 32 + 16)
		     : "+D"(a)
		     :
		     : "memory", "rax");
	return a;
}
