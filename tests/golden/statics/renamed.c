/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static local gets another name: the variable in use has the old name and value.
 *
 * @changed first
 * @data removed count
 * @data new total
 * @contains-before symbol count.0 .bss.count.0
 * @contains-after symbol total.0 .bss.total.0
 * @bytes same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define count total
#endif

int first(int a)
{
	static int count;

	return a + ++count;
}
