/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The compiler's table for a switch gets another value: the function that uses it changes.
 *
 * @changed first
 * @unchanged second
 * @contains symbol CSWTCH.* .rodata.CSWTCH.*
 * @contains reloc .rodata.CSWTCH.* .text.first
 * @contains reloc .rodata.CSWTCH.* .text.second
 * @bytes same .text.first .text.second
 * @part-contains symbol CSWTCH.* .rodata.CSWTCH.*
 */
#include "kernel.h"

#ifdef PATCHED
#define THIRD 31
#else
#define THIRD 30
#endif

int first(int a)
{
	switch (a) {
	case 0:
		return 19;
	case 1:
		return 3;
	case 2:
		return THIRD;
	case 3:
		return 7;
	case 4:
		return 28;
	}
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
