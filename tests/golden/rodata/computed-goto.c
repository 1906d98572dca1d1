/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of label addresses point into their function: the changed one's must be its own.
 *
 * @changed first
 * @unchanged second
 * @data any labels
 * @contains symbol labels.* .rodata.labels.*
 * @contains reloc .text.first .rodata.labels.*
 * @contains reloc .text.second .rodata.labels.*
 * @contains reloc .rodata.labels.* .text.first
 * @bytes same .text.second
 * @part-contains symbol labels.* .rodata.labels.* 32
 * @part-contains reloc first .rodata.labels.*
 */
#include "kernel.h"

int first(const u8 *code)
{
	static const void *const labels[] = {&&stop, &&add, &&call, &&wait};
	int a = 0;

	for (;; code++) {
		goto *labels[*code & 3];
	add:
		a += 7;
		continue;
	call:
#ifdef PATCHED
		a ^= 1;
#endif
		a = external(a);
		continue;
	wait:
		consume(NULL);
	}
stop:
	return a;
}

int second(const u8 *code)
{
	static const void *const labels[] = {&&stop, &&add, &&call, &&wait};
	int a = 0;

	for (;; code++) {
		goto *labels[*code & 3];
	add:
		a += 3;
		continue;
	call:
		a = external(a);
		continue;
	wait:
		consume(code);
	}
stop:
	return a;
}
