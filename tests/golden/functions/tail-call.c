/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call becomes a tail call.
 *
 * @changed first
 * @unchanged second
 * @contains reloc external .text.first
 * @bytes differ .text.first
 * @bytes same .text.second
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	return external(a);
#else
	return external(a) & 0xff;
#endif
}

int second(int a)
{
	return external(a + 1);
}
