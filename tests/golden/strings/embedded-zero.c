/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A string with a NUL byte inside changes behind it.
 *
 * @changed first
 * @unchanged second
 * @contains reloc .rodata* .text.first
 * @bytes same .text.first
 * @relocs same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define WORDS "one\0two\0six"
#else
#define WORDS "one\0two\0ten"
#endif

int first(int a)
{
	consume(WORDS);
	return a;
}

int second(int a)
{
	consume("one\0two");
	return a;
}
