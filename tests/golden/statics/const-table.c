/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A constant table inside a function gets another value: the function brings its own.
 *
 * @changed first
 * @contains symbol table.* .rodata.table.* 16
 * @bytes same .text.first
 * @bytes differ .rodata.table.*
 * @part-contains symbol table.* .rodata.table.* 16
 */
#include "kernel.h"

#ifdef PATCHED
#define THIRD 30
#else
#define THIRD 3
#endif

int first(unsigned a)
{
	static const int table[4] = {1, 2, THIRD, 4};

	return table[a % 4];
}
