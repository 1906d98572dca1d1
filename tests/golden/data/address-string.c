/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An object that lasts gets a string: that of a replaced function is the patch's own.
 *
 * @changed f
 * @finding address-stored
 * @contains-after symbol f
 */
#include "kernel.h"

void f(const char **object, int a)
{
#ifdef PATCHED
	a++;
#endif
	object[0] = a & 1 ? "odd" : "even";
	external(a);
}
