/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static branch whose default is flipped: the no-op becomes a jump.
 *
 * @changed first
 * @unchanged second
 * @contains section __jump_table 32
 * @bytes differ .text.first
 * @bytes same .text.second
 */
#include "kernel.h"

static struct static_key key = {.enabled = 0};
#ifdef PATCHED
#define is_on(key) static_branch_likely(key)
#else
#define is_on(key) static_branch_unlikely(key)
#endif

int first(int a)
{
	if (is_on(&key))
		return external(a);
	return a;
}

int second(int a)
{
	if (static_branch_unlikely(&key))
		return external(a + 1);
	return a;
}

void enable(void)
{
	consume(&key);
}
