/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A writable table of functions, some of which change: the table stays as it is.
 *
 * @changed second
 * @unchanged first, third, run
 * @contains symbol table .data.table 24
 * @contains reloc .text.second .data.table
 * @contains reloc third .data.table
 * @bytes same .text.run
 */
#include "kernel.h"

static int first(int a)
{
	return external(a + 1);
}

static int second(int a)
{
#ifdef PATCHED
	a *= 3;
#endif
	return external(a + 2);
}

int third(int a)
{
	return external(a + 3);
}

static int (*table[])(int) = {first, second, third};

int run(unsigned a)
{
	return table[a % 3](a) + 1;
}

void set(unsigned a, int (*function)(int))
{
	table[a % 3] = function;
}
