/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An alternative of no code points at where the replacement for the next function starts, and only
 * that one changes.
 *
 * @changed second
 * @unchanged first
 * @relocs same .altinstructions
 * @relocs differ .altinstr_replacement
 * @contains-before reloc clear_page_erms .altinstr_replacement
 * @contains-after reloc clear_page_patched .altinstr_replacement
 */
#include "kernel.h"

#ifdef PATCHED
#define CLEAR "call clear_page_patched"
#else
#define CLEAR "call clear_page_erms"
#endif

void first(void *page)
{
	asm volatile(ALTERNATIVE("call clear_page_orig", "", 9 * 32 + 9)
		     : "+D"(page)
		     :
		     : "memory", "rax", "rcx");
}

void second(void *page)
{
	asm volatile(ALTERNATIVE("call clear_page_orig", CLEAR, 3 * 32 + 16)
		     : "+D"(page)
		     :
		     : "memory", "rax", "rcx");
}
