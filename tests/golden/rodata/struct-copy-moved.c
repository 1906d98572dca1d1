/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unnamed read-only data moves because another function's comes in front of it.
 *
 * @changed first
 * @unchanged second
 * @contains-before section .rodata 512
 * @contains-after section .rodata 1024
 * @contains reloc .rodata .text.second
 * @relocs differ .text.second
 * @bytes same .text.second
 */
#include "kernel.h"

#define FEW 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#define MANY FEW, FEW, FEW, FEW, FEW, FEW, FEW, FEW, FEW, FEW

struct table {
	int value[128];
};

void first(int a)
{
#ifdef PATCHED
	struct table table = {.value = {9, 8, 7, MANY, 21, 22, 23, 24, 16}};

	table.value[3] = a;
	consume(&table);
#endif
	consume(NULL);
}

void second(int a)
{
	struct table table = {.value = {1, 2, 3, MANY, 21, 22, 23, 24, 16}};

	table.value[3] = a;
	consume(&table);
}
