/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An unknown list has a local symbol at its start, which does not make it a variable.
 *
 * @changed first
 * @unchanged second
 * @contains section .kcfi_traps
 * @contains symbol traps .kcfi_traps
 * @contains reloc .text.first .kcfi_traps
 * @finding unknown-section
 * @part-lacks section .kcfi_traps
 */
#include "kernel.h"

#define TRAP                                                                                       \
	"1: ud2\n\t.pushsection .kcfi_traps, \"a\"\n\t.balign 4\n\t"                              \
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
