/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A value in a named table of constants changes.  All that knows of the table is a load: the
 * function brings a table of its own.
 *
 * @changed first
 * @contains symbol table .rodata.table 32
 * @bytes differ .rodata.table
 * @bytes same .text.first
 * @part-contains symbol table .rodata.table 32
 * @part-lacks symbol table UND
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
