/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A macro of two users: one gets another constant, the other one folds to the same code.
 *
 * @changed first
 * @unchanged second
 * @contains reloc external .text.first
 * @bytes same .text.second
 * @bytes differ .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define SHIFT 12
#else
#define SHIFT 13
#endif
#define PAGES(bytes) ((bytes) >> SHIFT)

int first(unsigned a)
{
	return external(PAGES(a));
}

int second(void)
{
	return external(PAGES(100));
}
