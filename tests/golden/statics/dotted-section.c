/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static local whose name looks like a clone's, and one in .data..read_mostly.
 *
 * @changed first
 * @unchanged second
 * @contains symbol part.* .bss.part.*
 * @contains symbol cold.* .data..read_mostly
 * @contains reloc .data..read_mostly .text.first
 * @part-contains symbol part.* UND
 * @part-contains symbol cold.* UND
 */
#include "kernel.h"

int first(int a)
{
	static int part;
	static int cold __read_mostly = 4;

#ifdef PATCHED
	cold = a;
#endif
	consume(&cold);
	return ++part + cold;
}

int second(int a)
{
	static int part;
	static int cold __read_mostly = 5;

	consume(&cold);
	return ++part + cold + a;
}
