/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A variable that was zero gets a value, and another section with it.
 *
 * @unchanged first
 * @data changed counter
 * @finding data-changed
 * @contains-before symbol counter .bss.counter 4
 * @contains-after symbol counter .data.counter 4
 * @bytes same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
int counter = 5;
#else
int counter;
#endif

int first(int a)
{
	return counter++ + a;
}
