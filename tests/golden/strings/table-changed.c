/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One string of a named table of strings changes.
 *
 * @changed first
 * @contains symbol names .rodata.names 24
 * @contains reloc .rodata.str1.1 .rodata.names
 * @bytes same .text.first .rodata.names
 * @relocs same .rodata.names
 */
#include "kernel.h"

#ifdef PATCHED
#define SECOND "zeta"
#else
#define SECOND "beta"
#endif

static const char *const names[] = {"alpha", SECOND, "gamma"};

int first(unsigned a)
{
	return printk(names[a % 3]) + a;
}
