/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the place that an exception continues at changes.
 *
 * @changed first
 * @unchanged second
 * @contains section __ex_table 24
 * @contains reloc .text.first __ex_table
 * @bytes same .text.first .text.second __ex_table
 * @relocs differ __ex_table
 * @part-contains section __ex_table 12
 * @part-contains reloc first __ex_table
 * @part-lacks symbol second
 */
#include "kernel.h"

#ifdef PATCHED
#define FIXUP 3b
#else
#define FIXUP 2b
#endif
#define FIRST_EXTABLE(fixup) EXTABLE(1b, fixup, EX_TYPE_UACCESS)

int first(int *address)
{
	int value;

	asm volatile("1:\tmovl %1, %0\n2:\txorl %0, %0\n3:\n" FIRST_EXTABLE(FIXUP)
		     : "=r"(value)
		     : "m"(*address));
	return value;
}

int second(int *address)
{
	int value;

	asm volatile("1:\tmovl %1, %0\n2:\n" EXTABLE(1b, 2b, EX_TYPE_UACCESS)
		     : "=r"(value)
		     : "m"(*address));
	return value;
}
