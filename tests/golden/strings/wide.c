/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A string of 16-bit characters (EFI names), whose second byte is zero: one character changes.
 *
 * @changed first
 * @unchanged second
 * @contains section .rodata.first.str2.2
 * @contains reloc .rodata.first.str2.2 .text.first
 * @bytes same .text.first
 * @part-contains section .rodata.first.str2.2 18
 */
#include "kernel.h"

#ifdef PATCHED
#define WORD L"Boot0002"
#else
#define WORD L"Boot0001"
#endif

int first(int a)
{
	consume(WORD);
	return a;
}

int second(int a)
{
	consume(L"SetupMode");
	return a;
}
