/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the order in a table of label addresses changes.
 *
 * @changed first
 * @data any labels
 * @contains symbol labels.* .rodata.labels.*
 * @contains reloc .text.first .rodata.labels.*
 * @bytes same .text.first
 * @relocs differ .rodata.labels.*
 */
#include "kernel.h"

#ifdef PATCHED
#define MIDDLE &&call, &&add
#else
#define MIDDLE &&add, &&call
#endif

int first(const u8 *code)
{
	static const void *const labels[] = {&&stop, MIDDLE, &&wait};
	int a = 0;

	for (;; code++) {
		goto *labels[*code & 3];
	add:
		a += 7;
		continue;
	call:
		a = external(a);
		continue;
	wait:
		consume(NULL);
	}
stop:
	return a;
}
