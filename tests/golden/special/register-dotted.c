/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list in an unknown section gets another entry, which a live patch cannot add.
 *
 * @unchanged first
 * @data new added
 * @contains section .odd_list
 * @contains-after reloc .text.first .odd_list
 * @finding registration
 */
#include "kernel.h"

static int first(int a)
{
	return external(a);
}

struct odd {
	int (*call)(int a);
	long number;
};

static struct odd there __used __attribute__((section(".odd_list"))) = {first, 1};
#ifdef PATCHED
static struct odd added __used __attribute__((section(".odd_list"))) = {first, 2};
#endif
