/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same text, but an instruction no longer has an exception entry.
 *
 * @changed first
 * @unchanged second
 * @contains-before section __ex_table 24
 * @contains-after section __ex_table 12
 * @bytes same .text.first .text.second
 * @relocs same .text.first
 * @part-contains symbol first .text.first
 * @part-lacks section __ex_table
 */
#include "kernel.h"

#ifdef PATCHED
#define ENTRY ""
#else
#define ENTRY EXTABLE(1b, 2b, EX_TYPE_UACCESS)
#endif

int first(int *address)
{
	int value;

	asm volatile("1:\tmovl %1, %0\n2:\n" ENTRY : "=r"(value) : "m"(*address));
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
