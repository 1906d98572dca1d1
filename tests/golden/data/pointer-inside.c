/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pointer's initial value moves inside an array: only the addend changes.
 *
 * @unchanged first
 * @data changed current
 * @finding data-changed
 * @contains reloc .bss.array .data.current
 * @bytes same .text.first .data.current
 * @relocs differ .data.current
 */
#include "kernel.h"

#ifdef PATCHED
#define START 4
#else
#define START 3
#endif

static int array[8];
static int *current = &array[START];

int first(int a)
{
	array[a & 7] = a;
	return ++*current;
}

void reset(void)
{
	current = array;
}
