/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another format in a dynamic debug call: in the descriptor and in the call.
 *
 * @changed first
 * @unchanged second
 * @contains symbol descriptor.* __dyndbg 56
 * @contains section __dyndbg 112
 * @bytes same .text.first
 * @part-contains section __dyndbg 56
 */
#include "kernel.h"

#ifdef PATCHED
#define FORMAT "first %x"
#else
#define FORMAT "first %d"
#endif

int first(int a)
{
	pr_debug(FORMAT, a);
	return external(a);
}

int second(int a)
{
	pr_debug("second %d", a);
	return external(a);
}
