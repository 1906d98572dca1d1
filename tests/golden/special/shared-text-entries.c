/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of functions that share a section are found by offset: one function in front grows.
 *
 * @changed first
 * @unchanged second
 * @flags -fno-toplevel-reorder
 * @contains symbol first .sched.text
 * @contains symbol second .sched.text
 * @contains reloc .sched.text __bug_table
 * @contains reloc .sched.text __ex_table
 * @contains section __bug_table 24
 * @relocs differ __bug_table
 * @part-contains section __bug_table 12
 * @part-contains reloc first __bug_table
 * @part-lacks section __ex_table
 * @part-lacks symbol second
 */
#include "kernel.h"

__sched int first(int a)
{
#ifdef PATCHED
	consume(&a, &a, 0x12345678);
#endif
	WARN_ON(a == 4);
	return external(a);
}

__sched int second(int *address)
{
	int value;

	asm volatile("1:\tmovl %1, %0\n2:\n" EXTABLE(1b, 2b, EX_TYPE_UACCESS)
		     : "=r"(value)
		     : "m"(*address));
	WARN_ON(value == 5);
	return value;
}
