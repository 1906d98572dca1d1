/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unlikely part of a function is split off, its start inlined; the part changes.
 *
 * @changed helper.part
 * @unchanged first, second
 * @contains symbol helper.part.0 .text.helper.part.0
 * @contains reloc .text.helper.part.0 .text.first
 * @bytes differ .text.helper.part.0
 * @bytes same .text.first .text.second
 */
#include "kernel.h"

static void helper(int *a)
{
	if (likely(!*a))
		return;
	consume(a, a + 1, a + 2);
	external(*a * 3);
#ifdef PATCHED
	external(a[1] * 4);
#else
	external(a[1] * 5);
#endif
	for (int i = 0; i < a[2]; i++)
		external(a[i]);
	consume(a + 3, a + 4, a + 5);
}

void first(int *a)
{
	helper(a);
	consume(a);
}

void second(int *a)
{
	helper(a + 1);
	consume(a + 1);
}

void third(int *a)
{
	helper(a + 2);
	consume(a + 2);
}
