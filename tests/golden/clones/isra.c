/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A parameter of a static function is passed by value: the clone has a name of its own.
 *
 * @changed helper.isra
 * @unchanged first, second
 * @contains symbol helper.isra.0 .text.helper.isra.0
 * @contains reloc .text.helper.isra.0 .text.first
 * @bytes same .text.first .text.second
 * @part-contains symbol helper.isra.0 .text.helper.isra.0
 * @part-lacks symbol first
 */
#include "kernel.h"

struct pair {
	int a, b;
};

static noinline int helper(struct pair *pair)
{
#ifdef PATCHED
	return external(pair->a + 1);
#else
	return external(pair->a);
#endif
}

int first(struct pair *pair)
{
	return helper(pair) + 1;
}

int second(struct pair *pair)
{
	return helper(pair + 1) - 1;
}
