/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions with an immediate behind the address reach variables with another addend.
 *
 * @flags -fno-data-sections
 * @changed first
 * @unchanged second, third
 * @data new added
 * @contains symbol old .bss 1
 * @contains symbol older .bss 1
 * @contains-after symbol added .bss 1
 * @contains reloc .bss .text.second
 * @bytes same .text.second .text.third
 * @part-contains symbol added .bss 1
 * @part-lacks symbol old*
 */
#include "kernel.h"

static bool old;
#ifdef PATCHED
static bool added;
#endif
static bool older;

int first(int a)
{
#ifdef PATCHED
	if (!added)
		added = 1;
#endif
	return external(a);
}

int second(int a)
{
	if (!old) {
		old = 1;
		return 4;
	}
	return external(a + 1);
}

int third(int a)
{
	if (!older) {
		older = 1;
		return 4;
	}
	return external(a + 2);
}
