/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two names for one variable: using the other name is no other variable.
 *
 * @any second
 * @changed first
 * @contains symbol counter .bss.counter 4
 * @contains symbol counter_alias .bss.counter 4
 * @contains reloc counter_alias .text.first
 */
#include "kernel.h"

int counter;
extern int counter_alias __attribute__((alias("counter")));

int first(int a)
{
#ifdef PATCHED
	a++;
#endif
	return counter_alias++ + a;
}

int second(int a)
{
#ifdef PATCHED
	return counter_alias++ * a;
#else
	return counter++ * a;
#endif
}
