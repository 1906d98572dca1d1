/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function changes and moves to .init.text: a live patch does not carry that, and the kernel's
 * old code would go on running.
 *
 * @changed first
 * @finding init-function
 * @contains-before symbol first .text.first
 * @contains-after symbol first .init.text
 */
#include "kernel.h"

#ifdef PATCHED
__section(".init.text")
#endif
	int first(int a)
{
#ifdef PATCHED
	a++;
#endif
	return external(a);
}
