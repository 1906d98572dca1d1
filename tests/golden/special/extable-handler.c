/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the way that an exception is handled changes (type and register or value of the entry).
 *
 * @changed second
 * @unchanged first
 * @contains section __ex_table 24
 * @contains reloc .text.second __ex_table
 * @bytes same .text.first .text.second
 * @relocs same __ex_table
 * @bytes differ __ex_table
 */
#include "kernel.h"

#ifdef PATCHED
#define TYPE (EX_TYPE_EFAULT_REG | EX_IMM(-22))
#else
#define TYPE (EX_TYPE_EFAULT_REG | EX_IMM(-14))
#endif
#define SECOND_EXTABLE(type) EXTABLE(1b, 2b, type)

int first(int *address)
{
	int value;

	asm volatile("1:\tmovl %1, %0\n2:\n" EXTABLE(1b, 2b, EX_TYPE_UACCESS)
		     : "=r"(value)
		     : "m"(*address));
	return value;
}

int second(int *address)
{
	int value;

	asm volatile("1:\tmovl %1, %0\n2:\n" SECOND_EXTABLE(TYPE)
		     : "=r"(value)
		     : "m"(*address));
	return value;
}
