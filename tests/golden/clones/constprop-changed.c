/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The constant of all callers changes, and with it the clone, not the callers.
 *
 * @changed helper.constprop
 * @unchanged first, second
 * @contains symbol helper.constprop.0 .text.helper.constprop.0
 * @bytes differ .text.helper.constprop.0
 * @bytes same .text.first .text.second
 */
#include "kernel.h"

#ifdef PATCHED
#define FLAGS 6
#else
#define FLAGS 5
#endif

static noinline int helper(int a, int flags)
{
	return flags & 4 ? external(a) * flags : external(a + flags);
}

int first(int a)
{
	return helper(a, FLAGS) + 1;
}

int second(int a)
{
	return helper(a + 1, FLAGS) - 1;
}
