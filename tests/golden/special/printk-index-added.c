/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message is added in front of another function's: entries and pointers get other numbers.
 *
 * @changed first
 * @unchanged second
 * @contains-before section .printk_index 8
 * @contains-after section .printk_index 16
 * @contains symbol _entry_ptr.* .printk_index
 * @contains symbol _entry.* .rodata._entry.*
 * @bytes same .text.second
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	printk_indexed("first %d", a);
#endif
	return external(a);
}

int second(int a)
{
	printk_indexed("second %d", a);
	return external(a);
}
