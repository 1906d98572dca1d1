/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An instruction with an immediate reaches the only variable of a section, which gets a second one.
 *
 * @flags -fno-data-sections
 * @changed first
 * @unchanged second
 * @data new added
 * @contains symbol old .data 4
 * @contains-before section .data 4
 * @contains-after section .data 8
 * @contains reloc .data .text.second
 * @bytes same .text.second
 */
#include "kernel.h"

#ifdef PATCHED
static int added = 3;
#endif
static int old = 2;

int first(int a)
{
#ifdef PATCHED
	if (added == 77)
		added = 100000;
#endif
	return external(a);
}

int second(int a)
{
	if (old == 77)
		old = 100000;
	return external(a + 1);
}
