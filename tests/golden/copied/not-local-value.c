/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A variable of the file with the name of one that is always copied gets another value.
 *
 * @unchanged first
 * @data changed descriptor
 * @finding data-changed
 * @contains symbol descriptor .data.descriptor 4
 * @bytes same .text.first
 * @bytes differ .data.descriptor
 */
#include "kernel.h"

#ifdef PATCHED
#define VALUE 5
#else
#define VALUE 4
#endif

static int descriptor = VALUE;

int first(int a)
{
	return ++descriptor + a;
}
