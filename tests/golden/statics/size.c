/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static array grows: what is in use is too small.
 *
 * @unchanged first
 * @data changed buffer
 * @finding data-changed
 * @contains-before symbol buffer.* .bss.buffer.* 16
 * @contains-after symbol buffer.* .bss.buffer.* 32
 * @bytes same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define SIZE 32
#else
#define SIZE 16
#endif

int first(int a)
{
	static char buffer[SIZE];

	consume(buffer);
	return a;
}
