/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index of messages: its entries hold the line number, which changes alone.
 *
 * @unchanged first
 * @contains section .printk_index 8
 * @contains reloc .rodata._entry.* .printk_index
 * @contains symbol _entry.*
 * @bytes differ .rodata._entry.*
 * @bytes same .text.first
 */
#include "kernel.h"

// --- after
/* A line. */
// --- both
int first(int a)
{
	printk_indexed("first %d", a);
	return external(a);
}
