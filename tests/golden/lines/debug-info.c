/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug data and unwind tables of changed and unchanged code are not part of the comparison.
 *
 * @flags -g -fasynchronous-unwind-tables
 * @changed first
 * @unchanged second
 * @contains section .debug_info
 * @contains section .eh_frame
 * @contains reloc .text.second .eh_frame
 * @bytes differ .eh_frame .debug_info
 * @bytes same .text.second
 * @part-lacks section .debug*
 * @part-lacks section .eh_frame
 */
#include "kernel.h"

struct detail {
	int a;
#ifdef PATCHED
	long b;
#endif
};

int first(struct detail *detail)
{
#ifdef PATCHED
	detail->b += external(3);
#endif
	return external(detail->a);
}

int second(struct detail *detail)
{
	return external(detail->a + 1) + detail->a;
}
