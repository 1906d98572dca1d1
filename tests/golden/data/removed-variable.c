/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A variable and its only use are removed.
 *
 * @changed first
 * @data removed counter
 * @contains-before symbol counter .bss.counter 4
 * @lacks-after symbol counter
 */
#include "kernel.h"

#ifndef PATCHED
static int counter;
#endif

int first(int a)
{
#ifndef PATCHED
	if (++counter > 4)
		return 0;
#endif
	return external(a);
}
