/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notes for objtool in .discard sections are not part of a kernel.
 *
 * @unchanged first
 * @contains section .discard.retpoline_safe
 * @contains reloc .text.first .discard.retpoline_safe
 * @contains-after section .discard.ignore_alts
 * @lacks-before section .discard.ignore_alts
 * @bytes same .text.first
 */
#include "kernel.h"

int first(int a)
{
	asm volatile("1:\n\t.pushsection .discard.retpoline_safe\n\t.long 1b\n\t.popsection\n");
#ifdef PATCHED
	asm volatile("1:\n\t.pushsection .discard.ignore_alts\n\t.long 1b - .\n\t.popsection\n");
#endif
	return external(a);
}
