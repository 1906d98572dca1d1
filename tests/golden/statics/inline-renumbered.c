/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The static local of an inline function is renumbered; only one of its callers changes.
 *
 * @changed second
 * @unchanged first
 * @data new id
 * @lacks-before symbol id.1
 * @contains-after symbol id.1 .bss*
 * @contains reloc .bss.id.* .text.first
 * @contains reloc .bss.id.* .text.second
 * @contains-after reloc .bss.id.0 .text.second
 * @contains-after reloc .bss.id.1 .text.second
 * @part-contains symbol id.0 UND
 * @part-contains symbol id.* .bss.id.* 4
 */
#include "kernel.h"

#ifdef PATCHED
static inline int other_id(void)
{
	static int id;

	return ++id;
}
#endif

static inline int next_id(void)
{
	static int id;

	return ++id;
}

int first(int a)
{
	return next_id() + a;
}

int second(int a)
{
	a *= next_id();
#ifdef PATCHED
	a *= other_id();
#endif
	return a;
}
