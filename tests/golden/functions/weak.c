/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A weak function changes, one becomes weak, and one keeps its weak neighbour.
 *
 * @changed arch_setup
 * @unchanged arch_check, arch_start, caller
 * @contains symbol arch_setup .text.arch_setup
 * @contains reloc arch_setup .text.caller
 * @bytes same .text.caller .text.arch_check
 */
#include "kernel.h"

int __weak arch_setup(int a)
{
#ifdef PATCHED
	a++;
#endif
	return external(a);
}

#ifdef PATCHED
__weak
#endif
int arch_check(int a)
{
	barrier();
	return external(a + 1);
}

int __weak arch_start(int a)
{
	return 0;
}

int caller(int a)
{
	consume(arch_check);
	return arch_setup(a) + arch_start(a);
}
