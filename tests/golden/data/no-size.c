/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variables of no size in one section, at the address of their neighbours.
 *
 * @flags -fno-data-sections
 * @changed first
 * @unchanged second
 * @contains symbol marker .bss 0
 * @contains symbol other .bss 0
 * @contains symbol counter .bss 4
 * @contains reloc .bss .text.second
 * @part-contains symbol counter UND
 * @part-contains symbol marker UND
 */
#include "kernel.h"

static struct {
} marker, other;
static int counter;

int first(int a)
{
	consume(&marker);
#ifdef PATCHED
	consume(&counter);
#endif
	return external(a);
}

int second(int a)
{
	consume(&other, &counter);
	return external(a + ++counter);
}
