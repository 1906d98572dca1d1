/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A recursive function changes, another one does not, and new ones call each other.
 *
 * @changed walk, start
 * @new even, odd
 * @unchanged climb
 * @contains reloc walk .text.walk
 * @lacks reloc .text.climb .text.climb
 * @contains reloc .text.climb .text.start
 * @contains-after reloc .text.odd .text.even
 * @contains-after reloc .text.even .text.odd
 * @part-contains symbol climb UND
 * @part-contains symbol even .text.even
 * @part-contains symbol odd .text.odd
 */
#include "kernel.h"

#define once __attribute__((__noipa__))

#ifdef PATCHED
static once int odd(int a);

static once int even(int a)
{
	return a ? odd(a - 1) + external(a) : 1;
}

static once int odd(int a)
{
	return a ? even(a - 1) - external(a) : 0;
}
#endif

once int walk(int a)
{
#ifdef PATCHED
	if (a > 1000)
		return 0;
#endif
	return a ? walk(a - 1) * external(a) : 3;
}

static once int climb(int a)
{
	return a ? climb(a - 1) + external(a) : 4;
}

int start(int a)
{
#ifdef PATCHED
	a += even(a);
#endif
	return walk(a) + climb(a);
}
