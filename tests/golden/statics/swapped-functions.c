/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions swap places, and so the numbers of their static locals, of equal name and size.
 *
 * @unchanged first, second
 * @contains symbol count.0 .data*
 * @contains symbol count.1 .data*
 * @contains reloc .data.count.* .text.first
 * @relocs differ .text.first .text.second
 * @bytes same .text.first .text.second
 */
#include "kernel.h"

// --- before
int first(int a)
{
	static int count = 3;

	return a + ++count;
}

// --- both
int second(int a)
{
	static int count = 5;

	return a * ++count;
}
// --- after

int first(int a)
{
	static int count = 3;

	return a + ++count;
}
