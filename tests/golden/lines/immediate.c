/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line number is an argument of might_sleep(): it is all that changes.
 *
 * @any first, second
 * @unchanged third
 * @contains reloc __might_sleep .text.first
 * @bytes differ .text.first
 * @relocs same .text.first
 */
#include "kernel.h"

// --- after
/* A line. */

// --- both
int first(int a)
{
	might_sleep();
	return external(a);
}

int second(int a)
{
	if (a)
		might_sleep();
	return external(a);
}

int third(int a)
{
	return external(a + 1);
}
