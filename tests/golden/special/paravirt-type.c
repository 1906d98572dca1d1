/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the operation in a paravirt site changes: 16-byte entries with an absolute pointer.
 *
 * @changed first
 * @unchanged second
 * @contains section .parainstructions 32
 * @contains reloc .text.second .parainstructions
 * @bytes same .text.first .text.second
 * @relocs same .text.first .parainstructions
 * @bytes differ .parainstructions
 * @part-contains section .parainstructions 16
 * @part-contains reloc first .parainstructions
 * @part-contains reloc pv_ops .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define TYPE 21
#else
#define TYPE 20
#endif

void first(void)
{
	asm volatile(PARAVIRT("call *pv_ops+160", TYPE) ::: "memory", "rax");
}

void second(void)
{
	asm volatile(PARAVIRT("call *pv_ops+168", 22) ::: "memory", "rax");
}
