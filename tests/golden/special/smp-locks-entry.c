/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same text, but a lock prefix is no longer listed: it would stay on a single processor, no more.
 *
 * @unchanged first, second
 * @contains-before section .smp_locks 8
 * @contains-after section .smp_locks 4
 * @bytes same .text.first .text.second
 * @relocs same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define LOCK "lock; "
#else
#define LOCK LOCK_PREFIX
#endif

void first(int *counter)
{
	asm volatile(LOCK "incl %0" : "+m"(*counter));
}

void second(int *counter)
{
	asm volatile(LOCK_PREFIX "incl %0" : "+m"(*counter));
}
