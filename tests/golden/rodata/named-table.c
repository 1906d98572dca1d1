/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A named table of constants stays the same object when its user changes.
 *
 * @changed first
 * @unchanged second
 * @contains symbol table .rodata.table 32
 * @contains reloc .rodata.table .text.first
 * @bytes same .rodata.table
 * @part-contains symbol table UND
 */
#include "kernel.h"

static const int table[8] = {3, 1, 4, 1, 5, 9, 2, 6};

int first(unsigned a)
{
#ifdef PATCHED
	a++;
#endif
	return table[a % 8];
}

int second(unsigned a)
{
	return table[a / 2 % 8];
}
