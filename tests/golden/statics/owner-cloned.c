/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function with a static local becomes a clone of another name, and uses the same variable.
 *
 * @changed first, second
 * @removed helper
 * @new helper.isra
 * @contains symbol count.0 .bss.count.0
 * @contains-before symbol helper .text.helper
 * @contains-after symbol helper.isra.0 .text.helper.isra.0
 * @part-contains symbol count.0 UND
 */
#include "kernel.h"

struct pair {
	int a, b;
};

static noinline int helper(struct pair *pair)
{
	static int count;

#ifndef PATCHED
	pair->b++;
#endif
	return external(pair->a + ++count);
}

int first(struct pair *pair)
{
	return helper(pair) + 1;
}

int second(struct pair *pair)
{
	return helper(pair + 1) - 1;
}
