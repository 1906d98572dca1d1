/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two functions exchange their names: each name has other code now, and the callers are the same.
 *
 * @changed alpha, gamma
 * @unchanged caller
 * @contains symbol alpha .text.alpha
 * @contains symbol gamma .text.gamma
 * @contains reloc .text.alpha .text.caller
 * @bytes differ .text.alpha .text.gamma
 * @relocs same .text.caller
 */
#include "kernel.h"

#ifdef PATCHED
#define one gamma
#define two alpha
#else
#define one alpha
#define two gamma
#endif

static noinline int one(int a)
{
	return external(a * 2) + a;
}

static noinline int two(int a)
{
	return external(a + 2) - a;
}

int caller(int a)
{
	return alpha(a) - gamma(a);
}
