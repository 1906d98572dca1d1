/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objtool's site lists: an indirect call, a return and a call are added in front of a neighbour's.
 *
 * @flags -mindirect-branch=thunk-extern -mindirect-branch-register -mfunction-return=thunk-extern
 * @changed first
 * @unchanged second
 * @contains-before section .retpoline_sites 4
 * @contains-after section .retpoline_sites 8
 * @contains-before section .return_sites 4
 * @contains-after section .return_sites 8
 * @contains-after section .call_sites 8
 * @contains reloc .text.second .return_sites
 * @contains reloc __x86_return_thunk .text.second
 * @bytes same .text.second
 * @part-contains section .retpoline_sites 4
 * @part-contains section .return_sites 4
 * @part-contains section .call_sites 4
 * @part-contains reloc first .return_sites
 */
#include "kernel.h"

void first(void (*function)(void))
{
#ifdef PATCHED
	retpoline_call(function);
	asm volatile("1:" site(".return_sites"));
	asm volatile("1:" site(".call_sites"));
#endif
}

void second(void (*function)(void))
{
	retpoline_call(function);
	asm volatile("1:" site(".return_sites"));
	asm volatile("1:" site(".call_sites"));
}
