/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions swap places in the file and in the symbol table: no change.
 *
 * @unchanged first, second
 * @bytes same .text.first .text.second
 * @contains symbol first .text.first
 * @contains symbol second .text.second
 * @relocs differ .text.second
 */
#include "kernel.h"

// --- before
int first(int a)
{
	return printk("shared") + external(a);
}
// --- both

int second(int a)
{
	return printk("shared") - external(a);
}
// --- after

int first(int a)
{
	return printk("shared") + external(a);
}
