/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of constants changes that other files can name.
 *
 * @unchanged first
 * @data changed table
 * @finding data-changed
 * @contains symbol table .rodata.table 32
 */
#include "kernel.h"

#ifdef PATCHED
#define FOURTH 100
#else
#define FOURTH 1
#endif

const int table[8] = {3, 1, 4, FOURTH, 5, 9, 2, 6};

int first(unsigned a)
{
	return table[a % 8];
}
