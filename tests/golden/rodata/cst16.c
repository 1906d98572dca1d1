/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 16-byte constants of vector code, merged by the linker: one changes, the other is shared.
 *
 * @flags -msse2
 * @changed first
 * @unchanged second
 * @contains section .rodata.cst16 32
 * @contains reloc .LC* .text.first
 * @contains reloc .LC* .text.second
 * @bytes same .text.first .text.second
 * @bytes differ .rodata.cst16
 * @part-contains section .rodata.cst16 16
 */
#include "kernel.h"

typedef int vec __attribute__((vector_size(16)));
#ifdef PATCHED
#define LAST 5
#else
#define LAST 4
#endif

void first(vec *v)
{
	*v ^= (vec){1, 2, 3, LAST};
}

void second(vec *v)
{
	*v ^= (vec){7, 2, 3, 9};
}
