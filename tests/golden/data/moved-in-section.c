/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new variable moves the others of its section, which are reached by offset.
 *
 * @flags -fno-data-sections
 * @changed first
 * @unchanged second
 * @data new added
 * @contains reloc .data .text.second
 * @contains symbol beta .data 4
 * @bytes same .text.second
 * @relocs differ .text.second
 * @part-contains symbol added .data 4
 * @part-lacks symbol alpha
 */
#include "kernel.h"

static int beta = 2;
#ifdef PATCHED
static int added = 9;
#endif
static int alpha = 1;

int first(int a)
{
#ifdef PATCHED
	a += added++;
#endif
	return external(a);
}

int second(int a)
{
	return alpha++ + beta++ + a;
}
