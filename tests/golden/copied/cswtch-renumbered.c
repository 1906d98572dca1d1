/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The compiler's tables for switches get other numbers, their contents stay.
 *
 * @changed first
 * @unchanged second
 * @contains symbol CSWTCH.* .rodata.CSWTCH.*
 * @contains reloc .rodata.CSWTCH.* .text.second
 * @bytes same .text.second
 * @relocs differ .text.second
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	switch (a) {
	case 0:
		return 19;
	case 1:
		return 3;
	case 2:
		return 30;
	case 3:
		return 7;
	case 4:
		return 28;
	}
#endif
	return -1;
}

int second(int a)
{
	switch (a) {
	case 0:
		return 91;
	case 1:
		return 13;
	case 2:
		return 8;
	case 3:
		return 75;
	case 4:
		return 28;
	}
	return -1;
}
