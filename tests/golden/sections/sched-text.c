/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several functions share an explicit section; one grows and moves those behind it.
 *
 * @flags -fno-toplevel-reorder
 * @changed first
 * @unchanged second, third, user
 * @contains symbol first .sched.text
 * @contains symbol third .sched.text
 * @contains reloc .sched.text .text.user
 * @relocs differ .text.user
 * @bytes same .text.user
 * @part-contains symbol first .text.first
 * @part-lacks symbol second
 */
#include "kernel.h"

__sched int first(int a)
{
#ifdef PATCHED
	for (int i = 0; i < a; i++)
		consume(&a, i, 0x12345678);
#endif
	return external(a);
}

__sched int second(int a)
{
	return external(a + 1);
}

static noinline __sched int third(int a)
{
	return external(a + 2);
}

int user(int a)
{
	return third(a) - second(a);
}
