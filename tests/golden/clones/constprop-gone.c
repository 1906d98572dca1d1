/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A caller passes another constant: the clone goes, the function itself comes.
 *
 * @changed first, second
 * @removed helper.constprop
 * @new helper
 * @contains-before symbol helper.constprop.0 .text.helper.constprop.0
 * @contains-after symbol helper .text.helper
 * @lacks-after symbol helper.constprop.*
 */
#include "kernel.h"

#ifdef PATCHED
#define FLAGS 6
#else
#define FLAGS 5
#endif

static noinline int helper(int a, int flags)
{
	return flags & 1 ? external(a) * flags : external(a + flags);
}

int first(int a)
{
	return helper(a, FLAGS) + 1;
}

int second(int a)
{
	return helper(a + 1, 5) - 1;
}
