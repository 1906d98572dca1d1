/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that begin with ENDBR and their seals, which refer to functions and not into them.
 *
 * @flags -fcf-protection=branch
 * @changed first
 * @unchanged second
 * @contains section .ibt_endbr_seal 8
 * @contains reloc .text.second .ibt_endbr_seal
 * @bytes differ .text.first
 * @part-contains section .ibt_endbr_seal 4
 * @part-contains reloc first .ibt_endbr_seal
 */
#include "kernel.h"

static noinline __used int first(int a)
{
#ifdef PATCHED
	a ^= 5;
#endif
	return external(a);
}

static noinline __used int second(int a)
{
	return external(a + 1);
}

asm(".pushsection .ibt_endbr_seal, \"a\"\n\t.long first - .\n\t.long second - .\n\t.popsection\n");
