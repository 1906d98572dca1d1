/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lock prefixes: the changed function's list grows, its neighbour's entry moves.
 *
 * @changed first
 * @unchanged second
 * @contains-before section .smp_locks 8
 * @contains-after section .smp_locks 12
 * @contains reloc .text.second .smp_locks
 * @bytes same .text.second
 * @part-contains section .smp_locks 8
 * @part-contains reloc first .smp_locks
 */
#include "kernel.h"

void first(int *counter)
{
	asm volatile(LOCK_PREFIX "incl %0" : "+m"(*counter));
#ifdef PATCHED
	asm volatile(LOCK_PREFIX "decl %0" : "+m"(counter[1]));
#endif
}

void second(int *counter)
{
	asm volatile(LOCK_PREFIX "incl %0" : "+m"(*counter));
}
