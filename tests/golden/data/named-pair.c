/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two variables exchange their names: each name holds something else now.
 *
 * @changed first
 * @unchanged second
 * @contains symbol alpha .bss.alpha 4
 * @contains symbol gamma .bss.gamma 4
 * @bytes same .text.first
 * @relocs differ .text.first
 * @part-contains symbol alpha UND
 * @part-contains symbol gamma UND
 */
#include "kernel.h"

#ifdef PATCHED
#define one gamma
#define two alpha
#else
#define one alpha
#define two gamma
#endif

static int one, two;

int first(int a)
{
	return ++one * 3 + --two + a;
}

int second(int a)
{
	return alpha - gamma + a;
}
