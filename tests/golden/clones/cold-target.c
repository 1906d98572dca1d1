/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code and cold part refer into each other by offsets, which a change elsewhere moves.
 *
 * @changed first
 * @unchanged second
 * @contains symbol first.cold .text.unlikely.first
 * @contains reloc .text.first .text.unlikely.first
 * @contains reloc .text.unlikely.first .text.first
 * @bytes same .text.unlikely.first
 * @relocs differ .text.unlikely.first
 * @part-contains reloc first .text.first
 * @part-contains reloc .text.first .text.first
 * @part-lacks symbol first.cold
 */
#include "kernel.h"

void __cold complain(const char *message, ...);

int first(int *a)
{
#ifdef PATCHED
	a[3]++;
#endif
	if (*a < 0) {
		complain("first", *a);
		*a = 0;
	}
	return external(*a);
}

int second(int *a)
{
	if (*a < 0) {
		complain("second", *a);
		*a = 0;
	}
	return external(*a + 1);
}
