/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ORC entries, in two parallel sections: some are added in front of a neighbour's.
 *
 * @changed first
 * @unchanged second
 * @contains-before section .orc_unwind_ip 12
 * @contains-before section .orc_unwind 18
 * @contains-after section .orc_unwind_ip 16
 * @contains-after section .orc_unwind 24
 * @contains reloc .text.second .orc_unwind_ip
 * @bytes same .text.second
 * @part-contains section .orc_unwind_ip 8
 * @part-contains section .orc_unwind 12
 * @part-contains reloc first .orc_unwind_ip
 */
#include "kernel.h"

int first(int a)
{
	orc(8, 0x405);
#ifdef PATCHED
	asm volatile("push %rax");
	orc(16, 0x405);
	asm volatile("pop %rax");
#endif
	return a;
}

int second(int a)
{
	orc(8, 0x405);
	asm volatile("nop");
	orc(16, 0x405);
	return a;
}
