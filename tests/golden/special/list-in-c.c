/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of instructions has a name that is valid in C, so that code can go over the kernel's own:
 * the instructions of the new function are not in that.
 *
 * @changed first
 * @unchanged second
 * @contains section odd_traps
 * @contains symbol traps odd_traps
 * @contains reloc .text.first odd_traps
 * @finding unknown-section
 */
#include "kernel.h"

#define TRAP                                                                                       \
	"1: ud2\n\t.pushsection odd_traps, \"a\"\n\t.balign 4\n\t"                                \
	".ifndef traps\n\ttraps:\n\t.endif\n\t.long 1b - .\n\t.popsection\n"

noinline int first(int a)
{
	asm volatile(TRAP);
#ifdef PATCHED
	a++;
#endif
	return external(a);
}

noinline int second(int a)
{
	asm volatile(TRAP);
	return external(a);
}
