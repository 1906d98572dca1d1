/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A local structure is filled from unnamed read-only data: one member changes.
 *
 * @changed first
 * @unchanged second
 * @contains section .rodata 1024
 * @contains reloc .rodata .text.first
 * @contains reloc .rodata .text.second
 * @bytes same .text.first .text.second
 * @bytes differ .rodata
 * @part-contains section .rodata 1024
 */
#include "kernel.h"

#ifdef PATCHED
#define LAST 17
#else
#define LAST 16
#endif

#define FEW 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#define MANY FEW, FEW, FEW, FEW, FEW, FEW, FEW, FEW, FEW, FEW

struct table {
	int value[128];
};

void first(int a)
{
	struct table table = {.value = {1, 2, 3, MANY, 21, 22, 23, 24, LAST}};

	table.value[3] = a;
	consume(&table);
}

void second(int a)
{
	struct table table = {.value = {3, 2, 1, MANY, 21, 22, 23, 24, 16}};

	table.value[3] = a;
	consume(&table);
}
