/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of constants changes to which a pointer is made: whoever got it keeps the old one.
 *
 * @unchanged first, second
 * @data changed table
 * @finding data-changed
 * @contains reloc .rodata.table .text.first
 * @contains reloc .rodata.table .text.second
 * @bytes differ .rodata.table
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

void second(const void **slot)
{
	*slot = table;
}
