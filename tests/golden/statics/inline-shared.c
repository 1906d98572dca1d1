/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static local of an inline function: one object, used by both callers.
 *
 * @changed first
 * @unchanged second
 * @contains symbol id.0 .bss*
 * @lacks symbol id.1
 * @lacks symbol next_id
 * @contains reloc .bss.id.0 .text.first
 * @contains reloc .bss.id.0 .text.second
 * @part-contains symbol id.0 UND
 */
#include "kernel.h"

static inline int next_id(void)
{
	static int id;

	return ++id;
}

int first(int a)
{
#ifdef PATCHED
	if (!a)
		return 0;
#endif
	return next_id() + a;
}

int second(int a)
{
	return next_id() * a;
}
