/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function moves to .init.text, with the same code: nothing in the running kernel is wrong.
 *
 * @unchanged first, second
 * @contains-before symbol first .text.first
 * @contains-after symbol first .init.text
 * @bytes same .text.second
 */
#include "kernel.h"

#ifdef PATCHED
__section(".init.text")
#endif
int first(int a)
{
	return external(a);
}

int second(int a)
{
	return external(a + 1);
}
