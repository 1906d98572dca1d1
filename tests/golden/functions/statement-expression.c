/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A macro with a statement expression changes its type: the comparison becomes unsigned.
 *
 * @changed first
 * @unchanged second
 * @contains symbol first .text.first
 * @bytes differ .text.first
 * @bytes same .text.second
 */
#include "kernel.h"

#ifdef PATCHED
#define TYPE unsigned
#else
#define TYPE int
#endif
#define smaller(type, a, b)                                                                        \
	({                                                                                         \
		type a_ = (a), b_ = (b);                                                           \
		a_ < b_ ? a_ : b_;                                                                 \
	})

int first(int a)
{
	return external(smaller(TYPE, a, 4));
}

int second(int a)
{
	return external(smaller(int, a, 4));
}
