/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists as kernels before v6.0 have them: the last entry of .parainstructions is not padded, and
 * entries of __ex_table have a third field, for the handler's address.
 *
 * @changed first
 * @unchanged second, third
 * @contains section .parainstructions 44
 * @contains section __ex_table 24
 * @part-contains section .parainstructions 16
 * @part-contains section __ex_table 12
 */
#include "kernel.h"

#define old_paravirt(type)                                                                         \
	asm volatile("771:\n\tcall *old_ops+" #type "(%rip)\n772:\n"                               \
		     "\t.pushsection .parainstructions,\"a\"\n\t.balign 8\n\t.quad 771b\n"         \
		     "\t.byte " #type "\n\t.byte 772b-771b\n\t.short 0\n\t.popsection\n")

#define old_extable(place)                                                                         \
	asm volatile("1:\tmov (%0), %%eax\n2:\n\t.pushsection __ex_table,\"a\"\n\t.balign 4\n"     \
		     "\t.long 1b - .\n\t.long 2b - .\n\t.long old_handler - .\n\t.popsection\n"    \
		     :                                                                             \
		     : "r"(place)                                                                  \
		     : "eax")

void *old_ops[2];

int first(int *a)
{
#ifdef PATCHED
	external(3);
#endif
	old_paravirt(8);
	old_extable(a);
	return external(*a);
}

int second(int *a)
{
	old_paravirt(8);
	old_extable(a);
	return external(*a + 1);
}

int third(int *a)
{
	old_paravirt(0);
	return external(*a + 2);
}
