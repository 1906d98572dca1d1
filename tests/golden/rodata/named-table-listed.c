/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of constants changes that other data points at.
 *
 * @unchanged first
 * @data changed table
 * @finding data-changed
 * @contains reloc .rodata.table .data.holder
 */
#include "kernel.h"

#ifdef PATCHED
#define FOURTH 100
#else
#define FOURTH 1
#endif

static const int table[8] = {3, 1, 4, FOURTH, 5, 9, 2, 6};

const int *holder = table;

int first(unsigned a)
{
	return table[a % 8];
}
