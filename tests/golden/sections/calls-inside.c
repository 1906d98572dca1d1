/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call to a static function of the same section has no relocation: its distance changes alone.
 *
 * @changed middle
 * @unchanged callee, caller
 * @contains symbol callee .sched.text
 * @contains symbol middle .sched.text
 * @contains symbol caller .sched.text
 * @contains reloc external .sched.text
 * @lacks reloc .sched.text .sched.text
 * @lacks reloc callee .sched.text
 * @flags -fno-toplevel-reorder
 */
#include "kernel.h"

static noinline __sched int callee(int a)
{
	return external(a) * 3;
}

__sched int middle(int a)
{
#ifdef PATCHED
	for (int i = 0; i < a; i++)
		consume(&a, i, 0x12345678);
#endif
	return external(a + 1);
}

__sched int caller(int a)
{
	return callee(a) + 2;
}
