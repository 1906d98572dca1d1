/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static local is removed, so that those behind it get other numbers.
 *
 * @changed first
 * @unchanged second
 * @data removed count
 * @contains-before symbol count.1 .bss*
 * @lacks-after symbol count.1
 * @contains-after symbol count.0 .bss*
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	return a + 1;
#else
	static int count;

	return a + ++count;
#endif
}

int second(int a)
{
	static int count;

	return a * ++count;
}
