/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another initial value of a static local: the code is the same, the data in use is not.
 *
 * @unchanged first
 * @data changed limit
 * @finding data-changed
 * @contains symbol limit.* .data.limit.* 4
 * @bytes same .text.first
 * @bytes differ .data.limit.*
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	static int limit = 6;
#else
	static int limit = 5;
#endif

	return a > limit ? limit-- : a;
}
