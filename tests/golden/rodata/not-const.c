/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table is no longer constant: the one in use lies in read-only memory.
 *
 * @unchanged first
 * @data changed table
 * @finding data-changed
 * @contains-before symbol table .rodata.table 32
 * @contains-after symbol table .data.table 32
 * @bytes same .text.first
 */
#include "kernel.h"

#ifndef PATCHED
const
#endif
	int table[8] = {3, 1, 4, 1, 5, 9, 2, 6};

int first(unsigned a)
{
	int *start = (int *)table;

	OPTIMIZER_HIDE_VAR(start);
	return start[a % 8];
}
