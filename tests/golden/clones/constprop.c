/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static function with one constant for all its callers; a caller's other argument changes.
 *
 * @changed first
 * @unchanged helper.constprop, second
 * @contains symbol helper.constprop.0 .text.helper.constprop.0
 * @contains reloc .text.helper.constprop.0 .text.first
 * @bytes same .text.helper.constprop.0
 * @part-contains symbol helper.constprop.0 UND
 */
#include "kernel.h"

static noinline int helper(int a, int flags)
{
	return flags & 4 ? external(a) : external(a + flags);
}

int first(int a)
{
#ifdef PATCHED
	a += 8;
#endif
	return helper(a, 5) + 1;
}

int second(int a)
{
	return helper(a + 1, 5) - 1;
}
