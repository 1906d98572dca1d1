/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static local refers to another one; the function that holds both changes.
 *
 * @changed first
 * @unchanged second
 * @contains reloc .bss.buffer.* .data.cursor.*
 * @part-contains symbol cursor.* UND
 * @part-lacks symbol buffer.*
 */
#include "kernel.h"

int first(int a)
{
	static char buffer[16];
	static char *cursor = buffer + 4;

#ifdef PATCHED
	a++;
#endif
	*cursor++ = a;
	return a;
}

int second(int a)
{
	static char buffer[16];
	static char *cursor = buffer + 8;

	*cursor-- = a;
	return a;
}
