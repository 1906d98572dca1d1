/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function uses another member of another unit's structure: only an addend changes.
 *
 * @changed first
 * @unchanged second
 * @contains reloc cpu_info .text.first
 * @bytes same .text.first .text.second
 * @relocs differ .text.first
 */
#include "kernel.h"

extern struct {
	int family, model, stepping;
} cpu_info;

int first(void)
{
#ifdef PATCHED
	return cpu_info.model + 1;
#else
	return cpu_info.family + 1;
#endif
}

int second(void)
{
	return cpu_info.stepping + 1;
}
