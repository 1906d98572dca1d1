/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A changed function calls others of its section without a relocation: it needs one elsewhere.
 *
 * @changed caller
 * @new helper
 * @unchanged callee, other
 * @flags -fno-toplevel-reorder
 * @contains symbol callee .sched.text
 * @contains symbol caller .sched.text
 * @contains-after symbol helper .sched.text
 * @lacks reloc .sched.text .sched.text
 * @lacks reloc callee .sched.text
 * @part-contains reloc callee .text.caller
 * @part-contains symbol callee UND
 * @part-contains reloc helper .text.caller
 * @part-contains symbol helper .text.helper
 * @part-lacks symbol other
 */
#include "kernel.h"

static noinline __sched int callee(int a)
{
	return external(a) * 3;
}

#ifdef PATCHED
static noinline __sched int helper(int a)
{
	return external(a) * 7;
}
#endif

__sched int other(int a)
{
	return callee(a) + 3;
}

__sched int caller(int a)
{
#ifdef PATCHED
	a += helper(a);
#endif
	return callee(a) + 2;
}
