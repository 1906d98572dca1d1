/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A string belongs to the section of its first user; that one drops it, so it moves to the next.
 *
 * @changed first
 * @unchanged second
 * @contains-before reloc .rodata.first.str1.1 .text.second
 * @contains-after reloc .rodata.second.str1.1 .text.second
 * @lacks-before section .rodata.second.str1.1
 * @bytes same .text.second
 */
#include "kernel.h"

int first(int a)
{
#ifndef PATCHED
	a += printk("shared");
#endif
	return external(a);
}

int second(int a)
{
	return printk("shared") + a;
}
