/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Once-only flags in .data.once: one more in front, the others move to other offsets.
 *
 * @changed first
 * @unchanged second
 * @contains-before section .data.once 1
 * @contains-after section .data.once 2
 * @contains symbol __already_done.* .data.once 1
 * @contains reloc .data.once .text.second
 * @part-contains section .data.once 1
 * @part-contains symbol __already_done.* .data.once 1
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	printk_once("first\n");
#endif
	return a + 1;
}

int second(int a)
{
	printk_once("second\n");
	return a;
}
