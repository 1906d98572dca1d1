/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unlikely part of a function lies apart; only that part changes.  In the part it follows its
 * function without a symbol: the kernel looks for sleeping tasks up to the next symbol.
 *
 * @changed first
 * @unchanged second
 * @contains symbol first.cold .text.unlikely.first
 * @contains symbol second.cold .text.unlikely.second
 * @contains reloc .text.unlikely.first .text.first
 * @bytes same .text.first .text.second .text.unlikely.second
 * @part-lacks symbol first.cold
 * @part-lacks section .text.unlikely.first
 * @part-contains reloc panic .text.first
 * @part-contains symbol first .text.first
 * @part-lacks symbol second*
 */
#include "kernel.h"

#ifdef PATCHED
#define WORD "patched"
#else
#define WORD "initial"
#endif

int first(int a)
{
	if (a < 0)
		panic(WORD, a);
	return external(a);
}

int second(int a)
{
	if (a < 0)
		panic("second", a);
	return external(a + 1);
}
