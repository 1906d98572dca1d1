/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function gets a cold part that it did not have, and another one loses it.
 *
 * @changed first, second
 * @lacks-before symbol first.cold
 * @contains-after symbol first.cold .text.unlikely.first
 * @contains-before symbol second.cold .text.unlikely.second
 * @lacks-after symbol second.cold
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	if (a < 0)
		panic("first", a);
#endif
	return external(a);
}

int second(int a)
{
#ifndef PATCHED
	if (a < 0)
		panic("second", a);
#endif
	return external(a + 1);
}
