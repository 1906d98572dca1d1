/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rarely written variables share a section: an existing one, one after it, and a new one.
 *
 * @changed first
 * @unchanged second
 * @data new added
 * @contains symbol old .data..read_mostly 4
 * @contains symbol limit .data..ro_after_init 4
 * @contains-after symbol added .data..read_mostly 4
 * @contains reloc .data..read_mostly .text.second
 * @contains reloc limit .text.second
 * @part-contains symbol added .data..read_mostly 4
 * @part-lacks symbol old
 */
#include "kernel.h"

static int old __read_mostly = 3;
#ifdef PATCHED
static int added __read_mostly = 4;
#endif
int limit __ro_after_init = 8;

int first(int a)
{
#ifdef PATCHED
	a += added++;
#endif
	return external(a);
}

int second(int a)
{
	if (a > limit)
		old = limit++;
	return external(a + old);
}
