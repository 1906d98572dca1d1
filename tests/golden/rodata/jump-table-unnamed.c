/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jump tables of two functions in one section: one grows, the other moves and refers to its own code.
 *
 * @flags -fjump-tables -fno-data-sections -fno-function-sections
 * @changed first
 * @unchanged second
 * @contains reloc .text .rodata
 * @contains reloc .rodata .text
 * @contains symbol second .text
 * @relocs differ .rodata
 */
#include "kernel.h"

int first(int a)
{
	switch (a) {
	case 0:
		return external(a);
	case 1:
		return printk("");
	case 2:
		consume(0);
		return 3;
	case 3:
		kfree(0);
		return 4;
	case 4:
		panic("");
	case 5:
		return external(8);
#ifdef PATCHED
	case 6:
		return external(19);
	case 7:
		return external(25) + 7;
#endif
	}
	return -1;
}

int second(int a)
{
	switch (a) {
	case 0:
		return external(2 * a);
	case 1:
		return printk("second");
	case 2:
		consume(0);
		return 5;
	case 3:
		kfree(0);
		return 6;
	case 4:
		panic("");
	case 5:
		return external(9);
	}
	return -1;
}
