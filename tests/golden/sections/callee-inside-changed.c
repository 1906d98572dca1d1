/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Without a relocation, a call inside a section goes to another function of the same size.
 *
 * @changed caller
 * @unchanged one, two
 * @contains symbol one .sched.text
 * @contains symbol two .sched.text
 * @lacks reloc .sched.text .sched.text
 * @bytes differ .sched.text
 * @flags -fno-toplevel-reorder
 * @part-contains reloc two .text.caller
 * @part-contains symbol two UND
 */
#include "kernel.h"

static noinline __used __sched int one(int a)
{
	return external(a) * 3;
}

static noinline __used __sched int two(int a)
{
	return external(a) * 5;
}

#ifdef PATCHED
#define CALLEE two
#else
#define CALLEE one
#endif

__sched int caller(int a)
{
	return CALLEE(a) + 2;
}
