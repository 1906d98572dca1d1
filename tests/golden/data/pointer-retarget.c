/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pointer's initial value becomes another variable: only a relocation of the data changes.
 *
 * @unchanged first
 * @data changed current
 * @finding data-changed
 * @contains symbol current .data.current 8
 * @contains-before reloc alpha .data.current
 * @contains-after reloc beta .data.current
 * @bytes same .text.first .data.current
 */
#include "kernel.h"

int alpha, beta;
#ifdef PATCHED
int *current = &beta;
#else
int *current = &alpha;
#endif

int first(int a)
{
	return ++*current + a;
}
