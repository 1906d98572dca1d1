/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Constants are ordered by first use: a new one moves those of unchanged functions.
 *
 * @flags -msse2
 * @changed first
 * @unchanged second
 * @contains-before section .rodata.cst16 16
 * @contains-after section .rodata.cst16 32
 * @contains reloc .LC* .text.second
 * @relocs differ .text.second
 * @contains symbol .LC* .rodata.cst16
 */
#include "kernel.h"

typedef int vec __attribute__((vector_size(16)));

void first(vec *v)
{
#ifdef PATCHED
	*v ^= (vec){1, 2, 3, 4};
#endif
	consume(v);
}

void second(vec *v)
{
	*v ^= (vec){7, 2, 3, 9};
}
