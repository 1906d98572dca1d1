/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A variable leaves .init.data and is used later: its old place is no longer in memory.
 *
 * @changed first
 * @data any setting
 * @finding init-data
 * @contains-before symbol setting .init.data 4
 * @contains-after symbol setting .data.setting 4
 * @contains-after reloc .data.setting .text.first
 */
#include "kernel.h"

#ifdef PATCHED
static int setting = 4;
#else
static int setting __initdata __used = 4;
#endif

int first(int a)
{
#ifdef PATCHED
	a += setting++;
#endif
	return external(a + 1);
}
