/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * __func__ of a function in front renumbers those behind; they are no change.
 *
 * @changed first
 * @unchanged second
 * @contains symbol __func__.0 .rodata*
 * @lacks-before symbol __func__.1
 * @contains-after symbol __func__.1 .rodata*
 * @contains reloc .rodata.__func__.* .text.second
 * @part-contains symbol __func__.* .rodata.__func__.* 6
 * @part-lacks symbol second
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	consume(__func__);
#endif
	return a + 1;
}

int second(int a)
{
	consume(__func__);
	return a;
}
