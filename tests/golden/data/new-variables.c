/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * New variables, zero, initialised, and reached from another unit, used by a changed function.
 *
 * @changed first
 * @data new hidden, filled, open
 * @contains-after symbol hidden .bss.hidden 400
 * @contains-after symbol filled .data.filled 8
 * @contains-after symbol open .bss.open 8
 * @lacks-before symbol hidden
 * @part-contains symbol hidden .bss.hidden 400
 * @part-contains symbol filled .data.filled 8
 * @part-contains symbol open .bss.open 8
 */
#include "kernel.h"

#ifdef PATCHED
static int hidden[100];
static long filled = 77;
long open;
#endif

int first(unsigned a)
{
#ifdef PATCHED
	hidden[a % 100]++;
	open += filled--;
	consume(hidden);
#endif
	return external(a);
}
