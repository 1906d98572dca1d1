/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nested functions get numbered names; another one in front renumbers them.
 *
 * @changed first
 * @new compare
 * @unchanged second
 * @contains-before symbol compare.0 .text.compare.0
 * @lacks-before symbol compare.1
 * @contains-after symbol compare.1 .text.compare.1
 * @contains reloc .text.compare.* .text.second
 * @part-contains symbol compare.* .text.compare.*
 */
#include "kernel.h"

void sort(int *values, int (*compare)(int, int));

void first(int *values)
{
#ifdef PATCHED
	int compare(int a, int b)
	{
		return b - a;
	}

	sort(values, compare);
#endif
	consume(values);
}

void second(int *values)
{
	int compare(int a, int b)
	{
		return a > b;
	}

	sort(values, compare);
}
