/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static function's parameter is no longer written to, so that the compiler makes a clone of it.
 *
 * @changed first, second
 * @removed helper
 * @new helper.isra
 * @contains-before symbol helper .text.helper
 * @contains-after symbol helper.isra.0 .text.helper.isra.0
 * @lacks-after symbol helper
 */
#include "kernel.h"

struct pair {
	int a, b;
};

static noinline int helper(struct pair *pair)
{
#ifndef PATCHED
	pair->b++;
#endif
	return external(pair->a);
}

int first(struct pair *pair)
{
	return helper(pair) + 1;
}

int second(struct pair *pair)
{
	return helper(pair + 1) - 1;
}
