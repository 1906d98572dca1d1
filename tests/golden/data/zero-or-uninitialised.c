/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A zero initialiser is added: it is the same variable.
 *
 * @unchanged first
 * @contains symbol counter .bss.counter 4
 * @contains symbol hidden .bss.hidden 4
 * @bytes same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
int counter = 0;
static int hidden = 0;
#else
int counter;
static int hidden;
#endif

int first(int a)
{
	return counter++ + hidden-- + a;
}
