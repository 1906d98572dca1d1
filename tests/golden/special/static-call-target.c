/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another static call: the trampoline in the text and the key in the entry change; those kept do not.
 *
 * @changed first
 * @unchanged second
 * @contains section .static_call_sites 16
 * @contains-before reloc __SCT__resched .text.first
 * @contains-after reloc __SCT__cond .text.first
 * @contains reloc __SCK__resched .static_call_sites
 * @bytes same .text.first
 */
#include "kernel.h"

void first(void)
{
#ifdef PATCHED
	static_call(cond);
#else
	static_call(resched);
#endif
}

void second(void)
{
	static_call(resched);
}
