/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static local becomes a variable of the file, under the same name: nothing says that it is the same.
 *
 * @changed first
 * @data any count, count
 * @finding static-local-ambiguous
 * @contains-before symbol count.0 .bss.count.0
 * @contains-after symbol count .bss.count
 * @bytes same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
static int count;
#endif

int first(int a)
{
#ifndef PATCHED
	static int count;
#endif

	return a + ++count;
}
