/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the key of a static call site changes, as objtool's tail-call bit does.
 *
 * @changed first
 * @unchanged second
 * @contains section .static_call_sites 16
 * @contains reloc __SCK__* .static_call_sites
 * @contains reloc .text.first .static_call_sites
 * @bytes same .text.first .text.second
 * @relocs same .text.first
 * @relocs differ .static_call_sites
 * @part-contains section .static_call_sites 8
 * @part-contains reloc __SCK__resched .static_call_sites
 * @part-lacks symbol __SCK__might_resched
 */
#include "kernel.h"

#ifdef PATCHED
#define TAIL "+ 1"
#else
#define TAIL ""
#endif

void first(void)
{
	asm volatile("1:\tcall __SCT__resched\n\t.pushsection .static_call_sites, \"aw\"\n"
		     "\t.long 1b - .\n\t.long __SCK__resched - . " TAIL "\n\t.popsection\n" ::
			     : "memory");
}

void second(void)
{
	static_call(might_resched);
}
