/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A clone of a clone, with a cold part of its own: its name ends with three suffixes.
 *
 * @changed helper.constprop.isra
 * @unchanged first, second
 * @contains symbol helper.constprop.0.isra.0
 * @contains symbol helper.constprop.0.isra.0.cold
 * @bytes same .text.first .text.second
 */
#include "kernel.h"

struct pair {
	int a, b;
};

static noinline int helper(struct pair *pair, int flags)
{
	if (pair->a < 0)
		panic("negative");
#ifdef PATCHED
	return external(pair->a) * flags + 1;
#else
	return external(pair->a) * flags;
#endif
}

int first(struct pair *pair)
{
	return helper(pair, 5) + 1;
}

int second(struct pair *pair)
{
	return helper(pair + 1, 5) - 1;
}
