/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variables that are written to are the kernel's, though they are called as something that is
 * copied.
 *
 * @changed first
 * @contains symbol descriptor.* .bss*
 * @contains symbol _entry.* .data*
 * @part-contains symbol descriptor.* UND
 * @part-contains symbol _entry.* UND
 */
#include "kernel.h"

int first(int a)
{
	static int descriptor;
	static int _entry = 3;

#ifdef PATCHED
	a += 3;
#endif
	return ++descriptor + ++_entry + a;
}
