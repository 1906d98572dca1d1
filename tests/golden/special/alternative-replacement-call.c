/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the function that a replacement calls changes: a relocation of .altinstr_replacement.
 *
 * @changed second
 * @unchanged first
 * @bytes same .text.first .text.second .altinstructions .altinstr_replacement
 * @relocs same .altinstructions .text.second
 * @relocs differ .altinstr_replacement
 * @contains reloc clear_page_erms .altinstr_replacement
 * @contains-after reloc clear_page_patched .altinstr_replacement
 * @part-contains section .altinstructions 12
 * @part-contains reloc clear_page_patched .altinstr_replacement
 * @part-lacks symbol clear_page_erms
 */
#include "kernel.h"

#ifdef PATCHED
#define CLEAR "call clear_page_patched"
#else
#define CLEAR "call clear_page_rep"
#endif

void first(void *page)
{
	asm volatile(ALTERNATIVE("call clear_page_orig", "call clear_page_erms", 9 * 32 + 9)
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
