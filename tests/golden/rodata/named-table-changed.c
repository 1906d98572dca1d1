/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A value in a named table of constants changes.
 *
 * @unchanged first
 * @data changed table
 * @finding data-changed
 * @contains symbol table .rodata.table 32
 * @bytes differ .rodata.table
 * @bytes same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define FOURTH 100
#else
#define FOURTH 1
#endif

static const int table[8] = {3, 1, 4, FOURTH, 5, 9, 2, 6};

int first(unsigned a)
{
	return table[a % 8];
}
