/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function becomes hidden, as the kernel's own are not: no other code.
 *
 * @unchanged first, second
 * @contains symbol first .text.first
 * @contains reloc first .text.second
 * @bytes same .text.first .text.second
 */
#include "kernel.h"

#ifdef PATCHED
__attribute__((__visibility__("hidden")))
#endif
noinline int first(int a)
{
	barrier();
	return external(a);
}

int second(int a)
{
	return first(a) + 1;
}
