/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An empty function lies at the address of the next one of its section.
 *
 * @changed first
 * @unchanged nowhere, second
 * @contains symbol nowhere .sched.text 0
 * @contains symbol first .sched.text
 * @contains symbol second .sched.text
 * @contains reloc .sched.text .text.user
 */
#include "kernel.h"

static notrace __sched __used void nowhere(void)
{
	__builtin_unreachable();
}

static __sched noinline int first(int a)
{
#ifdef PATCHED
	a ^= 3;
#endif
	return external(a);
}

static __sched noinline int second(int a)
{
	return external(a + 1);
}

void user(void)
{
	consume(first, second);
}
