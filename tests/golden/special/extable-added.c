/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exception entries of unchanged functions stay theirs when one is added in front.
 *
 * @changed first
 * @unchanged second
 * @contains-before section __ex_table 12
 * @contains-after section __ex_table 24
 * @contains reloc .text.second __ex_table
 * @bytes same .text.second
 */
#include "kernel.h"

int first(int *address)
{
	int value = 0;

#ifdef PATCHED
	asm volatile("1:\tmovl %1, %0\n2:\n" EXTABLE(1b, 2b, EX_TYPE_UACCESS)
		     : "+r"(value)
		     : "m"(*address));
#endif
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
