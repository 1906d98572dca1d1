/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A global function with an address taken becomes static.
 *
 * @unchanged helper, caller
 * @contains-before reloc helper .text.caller
 * @contains-after reloc .text.helper .text.caller
 * @contains reloc external .text.helper
 * @bytes same .text.helper .text.caller
 */
#include "kernel.h"

#ifdef PATCHED
static
#endif
	noinline int
	helper(int a)
{
	barrier();
	return external(a * 2) + a;
}

int caller(int a)
{
	consume(helper);
	return a;
}
